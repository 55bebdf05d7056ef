//! A user by name, in any spelling; values in addresses.

pub(super) use crate::admin::address::encoded;
use crate::{
    admin::{error::AdminError, http::Http},
    api::{
        page::Page,
        users::{User, UserDetail},
    },
};

/// The user of a name, whole.
pub(super) fn user(http: &Http, name: &str) -> Result<UserDetail, AdminError> {
    let query =
        format!("/v1/admin/users?limit=20&q={}", encoded(&format!("name:\"{}\"", name.replace('"', ""))));
    let what = format!("user \"{name}\"");
    let page: Page<User> = http.get(&query, &what)?;
    let key = fold(name);
    let found = page.items.into_iter().find(|user| fold(&user.name) == key);
    let missing = || AdminError::Missing { server: http.name().to_owned(), what: what.clone() };
    let user = found.ok_or_else(missing)?;
    http.get(&format!("/v1/admin/users/{}", encoded(&user.id)), &what)
}

/// One rule of spelling, near enough to the server's to find a name that it found.
fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let folded: String = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
