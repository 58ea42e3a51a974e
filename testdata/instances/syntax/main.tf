# Ways of writing that are seldom seen: older spellings, numbers as keys, templates, splats of modules.

locals {
  quoted   = ["x", "y"]
  numbers  = { for n in [1, 1.50, 1e3, 0.1 + 0.2, 1 / 3, -0, 12345678901234567890] : n => n }
  nested   = { a = { b = { c = ["deep"] } } }
  keyed    = { (true ? "yes" : "no") : 1, "${"tem"}plate" = 2, 3 = 3, null = 4 }
  empty    = {}
  rendered = templatefile("${path.module}/names.tftpl", { names = ["ada", "zoë"], prefix = "p" })
}

resource "terraform_data" "quoted" {
  count = length(local.quoted)
  input = local.quoted[count.index]
}

resource "terraform_data" "number" {
  for_each = local.numbers
  input    = each.value
}

resource "terraform_data" "keyed" {
  for_each = local.keyed
  input    = each.value
}

resource "terraform_data" "legacy_index" {
  count = length(local.nested.a.b.c.0) - 3
  input = local.nested["a"].b["c"][0]
}

resource "terraform_data" "rendered" {
  for_each = toset(compact(split("\n", local.rendered)))
  input    = each.key
}

module "list" {
  source     = "./list"
  count      = 3
  names      = slice(["a", "b", "c"], 0, count.index)
  depends_on = [terraform_data.quoted]
}

module "none" {
  source = "./list"
  count  = 0
  names  = ["never"]
}

resource "terraform_data" "splat" {
  for_each = toset(flatten(module.list[*].names))
  input = {
    attribute_only = module.list.*.names
    full           = module.list[*].names[*]
    none           = module.none[*].names
    null           = null[*]
    single         = local.nested[*].a.b.c
    last           = module.list[length(module.list) - 1].names
  }
}

resource "terraform_data" "grouped" {
  for_each = { for key in concat(module.list[1].names, module.list[2].names) : key => upper(key)... }
  input    = each.value
}

resource "terraform_data" "conditional" {
  for_each = length(module.none) > 0 ? { for name in module.none[0].names : name => 1 } : { only = 2 }
  input    = each.value
}

resource "terraform_data" "set_or_none" {
  for_each = local.empty == {} ? toset(["empty"]) : []
  input    = "${path.module} ${basename(path.root)} ${terraform.workspace}"
}

resource "terraform_data" "try" {
  for_each = try(toset(local.nested.a.x), toset(tolist(local.nested.a.b.c)), [])
  input    = <<EOT
%{if can(local.nested.a.x)}never%{else}${each.key}%{endif}
  $${kept} %%{kept} "quoted" \n
EOT
}
