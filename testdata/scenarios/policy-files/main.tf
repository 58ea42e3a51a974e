resource "aws_iam_policy" "table" {
  name   = "table"
  policy = file("${path.module}/policies/table.json")
}

resource "aws_iam_policy" "topic" {
  name   = "topic"
  policy = templatefile("policies/topic.json.tftpl", { account = "123456789012", topics = ["orders"] })
}

resource "aws_iam_policy" "mail" {
  name = "mail"
  policy = join("", [
    "{\"Version\": \"2012-10-17\", \"Statement\": [",
    "{\"Effect\": \"Allow\", \"Action\": [\"ses:SendEmail\"], \"Resource\": \"*\"}",
    "]}",
  ])
}
