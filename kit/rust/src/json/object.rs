//! What types say of how they are read, beside what `serde` has.

use serde::{Deserialize, Deserializer};

/// Let types be read from an object and from nothing else. As `serde` derives it, they are read from a list, too, by
/// position. They derive [`Deserialize`] with `#[serde(remote = "Self")]`, which is how their fields are read from an
/// object.
#[macro_export]
macro_rules! from_objects {
    ($($name:ident $(<$parameter:ident>)?),* $(,)?) => { $(
        impl<'de $(, $parameter: ::serde::Deserialize<'de>)?> ::serde::Deserialize<'de> for $name $(<$parameter>)? {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                struct Object<T>(::core::marker::PhantomData<T>);

                impl<'de $(, $parameter: ::serde::Deserialize<'de>)?> ::serde::de::Visitor<'de>
                    for Object<$name $(<$parameter>)?>
                {
                    type Value = $name $(<$parameter>)?;

                    fn expecting(&self, formatter: &mut ::core::fmt::Formatter) -> ::core::fmt::Result {
                        formatter.write_str("an object")
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        map: A,
                    ) -> ::core::result::Result<Self::Value, A::Error> {
                        // What was derived comes before the trait's function of the same name.
                        Self::Value::deserialize(::serde::de::value::MapAccessDeserializer::new(map))
                    }
                }

                deserializer.deserialize_map(Object(::core::marker::PhantomData::<Self>))
            }
        }
    )* };
}

pub use from_objects;

/// A value that may be null, but has to be there: `#[serde(deserialize_with = "nullable")]`. Without this, an `Option`
/// may also be absent.
///
/// # Errors
/// It is something else.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}
