//! One realm of a Keycloak, as it is asked: paths below the realm, refusals that name the right that is missing.

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::sign_in::Session;
use crate::admin::{
    address::encoded,
    error::AdminError,
    http::{Http, Method, Request},
};

/// One realm.
pub(super) struct Desk {
    pub(super) http: Http,
    pub(super) session: Arc<Session>,
    pub(super) realm: String,
}

/// What a request needs. The server refuses without a word of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    Change,
    Events,
    People,
    Clients,
    Realm,
}

/// What is read: in words for people, and the right that it needs.
pub(super) type Wanted<'a> = (&'a str, Right);

impl Right {
    /// As Keycloak calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Change => "manage-users",
            Self::Clients => "view-clients",
            Self::Events => "view-events",
            Self::People => "view-users",
            Self::Realm => "view-realm",
        }
    }

    fn deed(self) -> &'static str {
        match self {
            Self::Change => "change users",
            Self::Clients => "read the clients",
            Self::Events => "read the events",
            Self::People => "read users",
            Self::Realm => "read the settings",
        }
    }
}

impl Desk {
    /// Reads below the realm.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str, wanted: Wanted<'_>) -> Result<T, AdminError> {
        self.http.get(&self.path(path), wanted.0).map_err(|error| self.blamed(error, wanted.1))
    }

    /// Reads what may be missing, or hidden from who asks.
    pub(super) fn perhaps<T: DeserializeOwned>(
        &self,
        path: &str,
        wanted: Wanted<'_>,
    ) -> Result<Option<T>, AdminError> {
        match self.get(path, wanted) {
            Ok(value) => Ok(Some(value)),
            Err(
                AdminError::NotAllowed { .. }
                | AdminError::Missing { .. }
                | AdminError::NotUnderstood { .. }
                | AdminError::Refused { .. },
            ) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Changes something of users, once. An answer without a word is no proof: who calls reads back.
    pub(super) fn change(
        &self,
        (method, path): (Method, &str),
        (what, body): (&str, &impl Serialize),
    ) -> Result<(), AdminError> {
        let path = self.path(path);
        let request = Request { method, path: &path, what, headers: &[] };
        let sent = self.http.change::<Value>(request, body);
        sent.map(|_| ()).map_err(|error| self.blamed(error, Right::Change))
    }

    /// A refusal of the server with its reason.
    pub(super) fn refused(&self, why: String) -> AdminError {
        AdminError::Refused { server: self.http.name().to_owned(), why, right: None }
    }

    /// What this server, or this realm of it, has not.
    pub(super) fn never(&self, why: &str) -> AdminError {
        AdminError::Impossible { server: self.http.name().to_owned(), why: why.to_owned() }
    }

    /// A right that is missing, in words.
    pub(super) fn lacks(&self, right: Right) -> AdminError {
        let claims = self.session.claims();
        let name = claims.name.as_deref().unwrap_or("this account");
        let own = claims.role().map_or(String::new(), |role| format!(", it has {role}"));
        let who = format!(
            "{name} may not {} in the realm {} (this needs \"{}\"{own})",
            right.deed(),
            self.realm,
            right.word()
        );
        AdminError::NotAllowed { server: self.http.name().to_owned(), who, right: right.word().to_owned() }
    }

    fn blamed(&self, error: AdminError, right: Right) -> AdminError {
        match error {
            AdminError::Refused { why, .. } if why.starts_with("HTTP 403") || why == "status 403" => {
                self.lacks(right)
            }
            other => other,
        }
    }

    fn path(&self, path: &str) -> String {
        format!("/admin/realms/{}{path}", encoded(&self.realm))
    }
}

/// Does the same for each of them, eight at a time, and keeps their order.
pub(super) fn each<T: Sync, R: Send>(all: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut results = Vec::with_capacity(all.len());
    for few in all.chunks(AT_ONCE) {
        std::thread::scope(|scope| {
            let act = &act;
            let running: Vec<_> = few.iter().map(|one| scope.spawn(move || act(one))).collect();
            for one in running {
                match one.join() {
                    Ok(result) => results.push(result),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }
    results
}

const AT_ONCE: usize = 8;

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_done_at_once_comes_back_in_order() {
        let all: Vec<usize> = (0..19).collect();
        assert_eq!(super::each(&all, |one| one * 2), all.iter().map(|one| one * 2).collect::<Vec<_>>());
    }
}
