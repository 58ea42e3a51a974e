//! Protocol buffers, as far as a plan needs them: the fields of one message, each with its number.
//!
//! Rules: "Encoding" of the Protocol Buffers documentation.

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field<'a> {
    Number(u64),
    /// A text, bytes or a message.
    Bytes(&'a [u8]),
    /// Of a fixed size: nothing in a plan is.
    Fixed,
}

/// The fields of a message in the order in which they stand.
pub(super) fn fields(mut rest: &[u8]) -> Result<Vec<(u64, Field<'_>)>, String> {
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let tag = number(&mut rest)?;
        let field = match tag & 7 {
            0 => Field::Number(number(&mut rest)?),
            1 => fixed(&mut rest, 8)?,
            5 => fixed(&mut rest, 4)?,
            2 => {
                let length = usize::try_from(number(&mut rest)?).map_err(|_| cut())?;
                let (bytes, after) = rest.split_at_checked(length).ok_or_else(cut)?;
                rest = after;
                Field::Bytes(bytes)
            }
            kind => return Err(format!("a field of a kind that is not known ({kind})")),
        };
        fields.push((tag >> 3, field));
    }
    Ok(fields)
}

/// A message by its fields.
#[derive(Debug)]
pub(super) struct Message<'a>(Vec<(u64, Field<'a>)>);

impl<'a> Message<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, String> {
        fields(bytes).map(Message)
    }

    /// Every field of this number that holds bytes.
    pub(super) fn all(&self, number: u64) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |(of, _)| *of == number).filter_map(|(_, field)| match field {
            Field::Bytes(bytes) => Some(*bytes),
            _ => None,
        })
    }

    /// The last field of this number counts.
    pub(super) fn bytes(&self, number: u64) -> Option<&'a [u8]> {
        self.all(number).last()
    }

    /// Empty where there is none.
    pub(super) fn text(&self, number: u64) -> Result<&'a str, String> {
        let text = std::str::from_utf8(self.bytes(number).unwrap_or_default());
        text.map_err(|_| format!("field {number} is no text"))
    }

    /// 0 where there is none.
    pub(super) fn number(&self, number: u64) -> u64 {
        let last = self.0.iter().rev().find(|(of, _)| *of == number);
        match last {
            Some((_, Field::Number(value))) => *value,
            _ => 0,
        }
    }
}

fn number(rest: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first().ok_or_else(cut)?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err("a number that does not end".to_owned())
}

fn fixed<'a>(rest: &mut &'a [u8], length: usize) -> Result<Field<'a>, String> {
    *rest = rest.get(length..).ok_or_else(cut)?;
    Ok(Field::Fixed)
}

fn cut() -> String {
    "it breaks off".to_owned()
}
