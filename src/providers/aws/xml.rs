//! tmp
pub struct Node {
    pub name: String,
    pub text: String,
    pub children: Vec<Node>,
}
impl Node {
    pub fn child(&self, n: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == n)
    }
    pub fn text_of(&self, n: &str) -> Option<&str> {
        self.child(n).map(|c| c.text.as_str())
    }
    pub fn children_named<'a>(&'a self, n: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |c| c.name == n)
    }
    pub fn members<'a>(&'a self, n: &str) -> impl Iterator<Item = &'a Node> {
        self.child(n).into_iter().flat_map(|c| c.children_named("member"))
    }
}
