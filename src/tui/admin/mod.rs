//! What the screens of admin mode share: the open connection, asking on threads, the words and the row of tabs.
//!
//! | file | what lives there |
//! |---|---|
//! | [`answer`] | what comes back from a server |
//! | [`link`] | the open connection: what was last heard, what is being asked, what is wrong |
//! | [`ask`] | asking it on a thread, with numbers |
//! | [`own`], [`wanted`] | what a server wants of the person: a token of the vault, a code |
//! | [`profiles`], [`places`] | profiles into the settings, tokens into the keyring or the vault |
//! | [`tab`], [`head`] | the tabs, the first two rows |
//! | [`table`], [`scroll`] | columns of fixed width; which row is selected, which are in the window |
//! | [`words`] | states, times and errors for people |
//!
//! The screens themselves are in [`screens::admin`](super::screens::admin).

pub mod answer;
pub mod ask;
pub mod head;
pub mod link;
pub mod own;
pub mod places;
pub mod profiles;
pub mod scroll;
pub mod tab;
pub mod table;
pub mod wanted;
pub mod words;
