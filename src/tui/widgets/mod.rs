//! Small parts that screens are drawn with. Text from outside is made safe here, once more and for all.

pub mod countdown;
pub mod field;
mod layer;
pub mod path;

pub use layer::{boxed, centered, cut, fill, put, put_safe, wrapped};
