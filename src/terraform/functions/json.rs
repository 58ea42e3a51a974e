//! `jsonencode`, and JSON as other functions put it into texts.
//!
//! Rules: `cty/json` over Go's `encoding/json`, which also escapes what HTML would read.

use super::super::value::json_text;
use super::super::value::{Data, Number, Origin, Place, Type, Val};
use super::arguments::Text;
use super::{Call, Failure, Function, Takes, takes};

pub(super) const TABLE: &[Function] = &[Function {
    name: "jsonencode",
    parameters: &[takes(Takes::Any).or_null().or_unknown()],
    rest: None,
    returns: Takes::String,
    run: encode,
}];

fn encode(call: &Call<'_>) -> Result<Val, Failure> {
    let value = call.argument(0)?;
    if let Some(why) = value.why_not_wholly_known() {
        return Ok(Val::unknown_like(Type::String, why));
    }
    let mut made = call.text_to_make();
    Writer { made: &mut made, at: Some(&call.at) }.value(value)?;
    Ok(if made.is_too_long() { call.too_long() } else { call.spliced(made) })
}

/// A value that is wholly known as JSON, which may be cut off after so many bytes.
pub(super) fn text(value: &Val, longest: usize) -> Result<String, Failure> {
    let mut made = Text::within(longest);
    Writer { made: &mut made, at: None }.value(value)?;
    Ok(made.text)
}

struct Writer<'a> {
    made: &'a mut Text,
    /// The call, when it matters where the parts come from.
    at: Option<&'a Place>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Val) -> Result<(), Failure> {
        if self.made.is_too_long() {
            // Whoever asked sees that from the length.
            return Ok(());
        }
        match &value.data {
            Data::String(text) => self.string(text, &value.origin),
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
                self.composite(value, '[', ']', |writer| {
                    for (index, element) in elements.iter().enumerate() {
                        writer.made.plain(if index == 0 { "" } else { "," });
                        writer.value(element)?;
                    }
                    Ok(())
                })?;
            }
            Data::Map(_, entries) | Data::Object(entries) => {
                self.composite(value, '{', '}', |writer| {
                    for (index, (key, entry)) in entries.iter().enumerate() {
                        writer.made.plain(if index == 0 { "" } else { "," });
                        writer.string(key, &entry.key_origin);
                        writer.made.plain(":");
                        writer.value(&entry.value)?;
                    }
                    Ok(())
                })?;
            }
            data => self.plain(data, &value.origin)?,
        }
        Ok(())
    }

    /// What is no string and holds nothing.
    fn plain(&mut self, data: &Data, origin: &Origin) -> Result<(), Failure> {
        let text = match data {
            Data::Bool(value) => value.to_string(),
            Data::Number(number) => number_text(number)?,
            _ => "null".to_owned(),
        };
        self.made.push(&text, &Origin::changed(origin));
        Ok(())
    }

    /// The quotes are nobody's; what is escaped leads to the whole string.
    fn string(&mut self, text: &str, origin: &Origin) {
        self.made.plain("\"");
        let start = self.made.text.len();
        json_text::escape(text, &mut self.made.text);
        if self.at.is_some() {
            let verbatim = self.made.text[start..] == *text;
            self.made.note(start, &if verbatim { origin.clone() } else { Origin::changed(origin) });
        }
        self.made.plain("\"");
    }

    /// What stands between brackets: its parts have places in it, and it has one as a whole.
    fn composite(
        &mut self,
        value: &Val,
        open: char,
        close: char,
        write: impl FnOnce(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let start = self.made.text.len();
        let outside = std::mem::take(&mut self.made.pieces);
        self.made.text.push(open);
        write(self)?;
        self.made.text.push(close);
        let mut inside = std::mem::replace(&mut self.made.pieces, outside);
        if let Some(at) = self.at {
            for piece in &mut inside {
                piece.range = piece.range.start - start..piece.range.end - start;
            }
            let at = value.origin.trail().end.map_or_else(|| at.clone(), |end| end.place);
            let whole = Origin::within(&value.origin, &Origin::spliced(at, inside));
            self.made.note(start, &whole);
        }
        Ok(())
    }
}

fn number_text(number: &Number) -> Result<String, Failure> {
    if number.is_infinite() {
        return Err(Failure::of(0, "infinity has no JSON"));
    }
    Ok(number.to_string())
}
