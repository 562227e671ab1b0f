//! Types read from JSON values.
//!
//! serde compiles the reader of a type anew for every kind of input it meets, and `serde_json` alone has three, so that
//! readers were most of the wasm module. All JSON therefore becomes a [`Value`] first, and the one input that types
//! meet is a reference to it. It asks for exactly what a type wants, and tells in which field it did not find it.

use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor, value::StrDeserializer};
use serde::{Deserialize, Deserializer, Serialize, forward_to_deserialize_any};
use serde_json::{Map, Value};

use crate::error::{Error, Result, bail};

/// What a text says.
pub(crate) fn parse(text: &[u8]) -> Result<Value> {
    serde_json::from_slice(text).map_err(|error| Error::new(error.to_string()))
}

/// A type out of a value; a field of an object that the type does not know is an error.
pub(crate) fn read<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T> {
    T::deserialize(Reader { value, strict: true })
}

/// A type out of a value that may have other fields besides.
#[cfg_attr(not(feature = "conform"), allow(dead_code))]
pub(crate) fn read_part<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T> {
    T::deserialize(Reader { value, strict: false })
}

/// The value of a type. By way of text: there an f32 is written as short as it can be, 0.0001 and not
/// 0.00009999999747378752.
pub(crate) fn write<T: Serialize>(value: &T) -> Value {
    let text = serde_json::to_vec(value).expect("names and numbers can be written");
    parse(&text).expect("what was written can be read")
}

/// The fields of an object whose kind one of them tells: they are taken by name, and none may be left.
#[derive(Debug, Deserialize)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// The field of this name, if it is there.
    pub(crate) fn take<T: for<'de> Deserialize<'de>>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(value) = self.0.get_mut(name).map(Value::take) else { return Ok(None) };
        self.0.remove(name);
        read(&value).map_err(|error| within(name, &error)).map(Some)
    }

    /// The field of this name.
    pub(crate) fn need<T: for<'de> Deserialize<'de>>(&mut self, name: &str) -> Result<T> {
        self.take(name)?.ok_or_else(|| Error::new(format!("missing field `{name}`")))
    }

    /// Fails over the first field that was not taken.
    pub(crate) fn finish(self) -> Result<()> {
        match self.0.keys().next() {
            Some(name) => bail!("unknown field `{name}`"),
            None => Ok(()),
        }
    }
}

fn within(field: &str, error: &Error) -> Error {
    Error::new(format!("{field}: {error}"))
}

impl serde::de::Error for Error {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

#[derive(Clone, Copy, Debug)]
struct Reader<'de> {
    value: &'de Value,
    strict: bool,
}

impl<'de> Reader<'de> {
    fn unlike(self, wanted: &str) -> Error {
        let found = match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(number) => &number.to_string(),
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        Error::new(format!("{wanted} was expected, not {found}"))
    }

    fn bool(self) -> Result<bool> {
        self.value.as_bool().ok_or_else(|| self.unlike("true or false"))
    }

    fn float(self) -> Result<f64> {
        self.value.as_f64().ok_or_else(|| self.unlike("a number"))
    }

    fn unsigned(self) -> Result<u64> {
        self.value.as_u64().ok_or_else(|| self.unlike("a whole number from 0 on"))
    }

    fn signed(self) -> Result<i64> {
        self.value.as_i64().ok_or_else(|| self.unlike("a whole number"))
    }

    fn text(self) -> Result<&'de str> {
        self.value.as_str().ok_or_else(|| self.unlike("text"))
    }

    fn list(self) -> Result<Elements<'de>> {
        match self.value {
            Value::Array(values) => Ok(Elements { left: values.iter(), strict: self.strict }),
            _ => Err(self.unlike("a list")),
        }
    }

    fn object(self) -> Result<Entries<'de>> {
        match self.value {
            Value::Object(fields) => Ok(Entries { left: fields.iter(), value: None, strict: self.strict }),
            _ => Err(self.unlike("an object")),
        }
    }
}

/// The methods of a deserializer that ask for one kind of value and show it to the visitor.
macro_rules! ask {
    ($($method:ident: $get:ident => $show:ident),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            visitor.$show(self.$get()?)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Error;

    ask! {
        deserialize_bool: bool => visit_bool,
        deserialize_f32: float => visit_f64,
        deserialize_f64: float => visit_f64,
        deserialize_i32: signed => visit_i64,
        deserialize_i64: signed => visit_i64,
        deserialize_str: text => visit_borrowed_str,
        deserialize_string: text => visit_str,
        deserialize_u32: unsigned => visit_u64,
        deserialize_u64: unsigned => visit_u64,
        deserialize_map: object => visit_map,
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u128 char bytes byte_buf unit unit_struct identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(value) => match (value.as_u64(), value.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(self.float()?),
            },
            Value::String(value) => visitor.visit_str(value),
            Value::Array(_) => visitor.visit_seq(self.list()?),
            Value::Object(_) => visitor.visit_map(self.object()?),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let mut elements = self.list()?;
        let value = visitor.visit_seq(&mut elements)?;
        match elements.left.len() {
            0 => Ok(value),
            more => bail!("the list has {more} elements too many"),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _elements: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _elements: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let mut places = Places::new(self, fields)?;
        visitor.visit_seq(&mut places).map_err(|error| places.explain(error))
    }

    /// Variants without data, by their names.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(name(self.text()?))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }
}

fn name(text: &str) -> StrDeserializer<'_, Error> {
    text.into_deserializer()
}

/// What is left of a list.
struct Elements<'de> {
    left: std::slice::Iter<'de, Value>,
    strict: bool,
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let reader = |value| Reader { value, strict: self.strict };
        self.left.next().map(|value| seed.deserialize(reader(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// A struct's fields, one after the other as the struct lists them, which takes a third of the code of fields in any
/// order. A field that may be missing needs `#[serde(default)]`, an `Option` too.
struct Places<'de> {
    object: &'de Map<String, Value>,
    strict: bool,
    names: std::slice::Iter<'static, &'static str>,
    /// The last field, if it was missing.
    missing: Option<&'static str>,
}

impl<'de> Places<'de> {
    fn new(reader: Reader<'de>, fields: &'static [&'static str]) -> Result<Self> {
        let Value::Object(object) = reader.value else { return Err(reader.unlike("an object")) };
        let unknown = object.keys().find(|&key| !fields.contains(&key.as_str()));
        match unknown {
            Some(key) if reader.strict => bail!("unknown field `{key}`; known are {}", fields.join(", ")),
            _ => Ok(Self { object, strict: reader.strict, names: fields.iter(), missing: None }),
        }
    }

    /// serde only sees that a sequence is too short.
    fn explain(&self, error: Error) -> Error {
        self.missing.map_or(error, |name| Error::new(format!("missing field `{name}`")))
    }

    fn next(&mut self) -> Option<(&'static str, Reader<'de>)> {
        let name = *self.names.next()?;
        let value = self.object.get(name);
        self.missing = value.is_none().then_some(name);
        Some((name, Reader { value: value?, strict: self.strict }))
    }
}

impl<'de> SeqAccess<'de> for Places<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some((name, reader)) = self.next() else { return Ok(None) };
        seed.deserialize(reader).map(Some).map_err(|error| within(name, &error))
    }
}

/// What is left of an object, and the field whose name was read and whose value comes next.
struct Entries<'de> {
    left: serde_json::map::Iter<'de>,
    value: Option<(&'de str, &'de Value)>,
    strict: bool,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.value = self.left.next().map(|(key, value)| (key.as_str(), value));
        self.value.map(|(key, _)| seed.deserialize(name(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let (key, value) = self.value.expect("serde asks for a key before its value");
        seed.deserialize(Reader { value, strict: self.strict }).map_err(|error| within(key, &error))
    }
}
