//! Types of the configuration language.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A type, or in a type constraint what a value is to be converted to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// Any type; of a value: not known which one.
    Dynamic,
    Bool,
    Number,
    String,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(Attributes),
}

/// Attributes of an object type, in the order of their names.
pub type Attributes = BTreeMap<Arc<str>, Attribute>;

/// An attribute of an object type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attribute {
    pub of: Type,
    /// Only in a constraint: the attribute may be absent.
    pub optional: bool,
}

impl Type {
    pub fn list(of: Type) -> Self {
        Type::List(Box::new(of))
    }

    pub fn set(of: Type) -> Self {
        Type::Set(Box::new(of))
    }

    pub fn map(of: Type) -> Self {
        Type::Map(Box::new(of))
    }

    /// An object type all of whose attributes must be there.
    pub fn object(attributes: impl IntoIterator<Item = (Arc<str>, Type)>) -> Self {
        Type::Object(attributes.into_iter().map(|(name, of)| (name, Attribute { of, optional: false })).collect())
    }

    /// The type of the elements of a list, set or map.
    pub fn element(&self) -> Option<&Type> {
        match self {
            Type::List(of) | Type::Set(of) | Type::Map(of) => Some(of),
            _ => None,
        }
    }

    /// The attributes of an object type.
    pub fn attributes(&self) -> Option<&Attributes> {
        match self {
            Type::Object(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// The types of the elements of a tuple type.
    pub fn tuple_elements(&self) -> Option<&[Type]> {
        match self {
            Type::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// The type as values have it: a constraint without its words on what may be absent.
    pub fn without_optional(&self) -> Type {
        match self {
            Type::List(of) => Type::list(of.without_optional()),
            Type::Set(of) => Type::set(of.without_optional()),
            Type::Map(of) => Type::map(of.without_optional()),
            Type::Tuple(elements) => Type::Tuple(elements.iter().map(Type::without_optional).collect()),
            Type::Object(attributes) => {
                let plain =
                    |(name, attribute): (&Arc<str>, &Attribute)| (name.clone(), attribute.of.without_optional());
                Type::object(attributes.iter().map(plain))
            }
            primitive => primitive.clone(),
        }
    }

    pub fn is_primitive(&self) -> bool {
        matches!(self, Type::Bool | Type::Number | Type::String)
    }

    /// Whether it is, or holds anywhere, the type that is not known.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Type::Dynamic => true,
            Type::Bool | Type::Number | Type::String => false,
            Type::List(of) | Type::Set(of) | Type::Map(of) => of.has_dynamic(),
            Type::Tuple(elements) => elements.iter().any(Type::has_dynamic),
            Type::Object(attributes) => attributes.values().any(|attribute| attribute.of.has_dynamic()),
        }
    }

    /// The type as messages name it, without what it is made of.
    pub fn noun(&self) -> &'static str {
        match self {
            Type::Dynamic => "dynamic",
            Type::Bool => "bool",
            Type::Number => "number",
            Type::String => "string",
            Type::List(_) => "list",
            Type::Set(_) => "set",
            Type::Map(_) => "map",
            Type::Tuple(_) => "tuple",
            Type::Object(_) => "object",
        }
    }
}

/// As the function `type` of `terraform console` writes it, on one line.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::List(of) | Type::Set(of) | Type::Map(of) => write!(f, "{}({of})", self.noun()),
            Type::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
            Type::Object(attributes) => {
                f.write_str("object({")?;
                for (index, (name, attribute)) in attributes.iter().enumerate() {
                    let (open, close) = if attribute.optional { ("optional(", ")") } else { ("", "") };
                    write!(f, "{}{name}: {open}{}{close}", if index == 0 { "" } else { ", " }, attribute.of)?;
                }
                f.write_str("})")
            }
            _ => f.write_str(self.noun()),
        }
    }
}
