//! Changes of one user, each sent once and read back. A PUT names what it means and nothing else: what it leaves out stays.
//! Attributes are the exception: a PUT that names them drops every one that it does not name, and first name, last name and
//! e-mail count among them.

use std::{cell::Cell, collections::BTreeMap};

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    desk::Desk,
    people,
    shape::{BIND, Credential, User},
};
use crate::admin::{address::encoded, error::AdminError, http::Method};

/// The way to one user, who was read before.
pub(super) struct Writer<'a> {
    pub(super) desk: &'a Desk,
    pub(super) id: &'a str,
    /// `user "alan"`
    pub(super) what: String,
    /// Whether something was changed already.
    sent: Cell<bool>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(desk: &'a Desk, user: &'a User) -> Self {
        let what = format!("user \"{}\"", user.username);
        Self { desk, id: &user.id, what, sent: Cell::new(false) }
    }

    /// Changes something, once.
    pub(super) fn send(&self, how: (Method, &str), body: &impl Serialize) -> Result<(), AdminError> {
        self.desk.change(how, (&self.what, body))?;
        self.sent.set(true);
        Ok(())
    }

    /// What went wrong, in words for somebody who does not know how far it had come.
    pub(super) fn explained(&self, error: AdminError) -> AdminError {
        match error {
            error if !self.sent.get() => error,
            AdminError::Unreachable { server, .. } | AdminError::NotUnderstood { server, .. } => {
                AdminError::Unknown { server }
            }
            AdminError::Refused { .. } | AdminError::Impossible { .. } | AdminError::Unknown { .. } => error,
            other => {
                let what = &self.what;
                self.desk
                    .refused(format!("the change of {what} was begun and not finished ({other}): look first"))
            }
        }
    }

    /// A path below the user.
    pub(super) fn path(&self, end: &str) -> String {
        format!("/users/{}{end}", encoded(self.id))
    }

    /// The user as they are now.
    pub(super) fn user(&self) -> Result<User, AdminError> {
        people::user(self.desk, (self.id, &self.what))
    }

    /// The credentials as they are now.
    pub(super) fn credentials(&self) -> Result<Vec<Credential>, AdminError> {
        people::credentials(self.desk, (self.id, &self.what))
    }

    /// Changes these fields; what the user was besides must be there afterwards.
    pub(super) fn put(&self, before: &User, fields: &Value) -> Result<User, AdminError> {
        self.send((Method::Put, &self.path("")), fields)?;
        let now = self.user()?;
        let is_same = now.profile() == before.profile();
        let lost = before.attributes.keys().find(|name| {
            // The server takes this one away itself when it enables an account.
            fields.get("attributes").is_none()
                && *name != "disabledReason"
                && !now.attributes.contains_key(*name)
        });
        match lost {
            None if is_same => Ok(now),
            None => {
                Err(self.not_done("the name or the e-mail address is not what it was: look at the account"))
            }
            Some(name) => Err(self.not_done(&format!("the attribute {name} is gone: look at the account"))),
        }
    }

    /// Sets the attributes to these, and leaves name and e-mail as they are.
    pub(super) fn attributes(
        &self,
        user: &User,
        attributes: &BTreeMap<String, Vec<String>>,
    ) -> Result<User, AdminError> {
        let (first, last, email) = user.profile();
        let mut fields = json!({ "attributes": attributes });
        for (name, value) in [("firstName", first), ("lastName", last), ("email", email)] {
            if let Some(value) = value {
                fields[name] = json!(value);
            }
        }
        let now = self.put(user, &fields)?;
        let kept = |(name, value): (&String, &Vec<String>)| now.attributes.get(name) == Some(value);
        let old = user.attributes.iter().filter(|(name, value)| attributes.get(*name) == Some(*value));
        match old.into_iter().find(|own| !kept(*own)) {
            Some((name, _)) => {
                Err(self.not_done(&format!("the attribute {name} is gone: look at the account")))
            }
            None => Ok(now),
        }
    }

    /// The next sign-in leads to binding from here on; told to be so by the user who is read back.
    pub(super) fn demand_binding(&self, user: &User) -> Result<(), AdminError> {
        if user.must_bind() {
            return Ok(());
        }
        let actions: Vec<&str> = user.required_actions.iter().map(String::as_str).chain([BIND]).collect();
        let now = self.put(user, &json!({ "requiredActions": actions }))?;
        if now.must_bind() {
            return Ok(());
        }
        Err(self.not_done(&format!("{BIND} was not set, and no binding was deleted")))
    }

    /// Takes a credential away. One that has gone meanwhile is what was wanted.
    pub(super) fn delete(&self, credential: &str) -> Result<(), AdminError> {
        let path = self.path(&format!("/credentials/{}", encoded(credential)));
        match self.send((Method::Delete, &path), &json!({})) {
            Err(AdminError::Missing { .. }) => Ok(()),
            other => other,
        }
    }

    /// Ends every session.
    pub(super) fn end_sessions(&self) -> Result<(), AdminError> {
        self.send((Method::Post, &self.path("/logout")), &json!({}))
    }

    /// Ends a lock and forgets the wrong tries. The server does so for ids that do not exist too: the user was read before.
    pub(super) fn forget_failures(&self) -> Result<(), AdminError> {
        let path = format!("/attack-detection/brute-force/users/{}", encoded(self.id));
        self.send((Method::Delete, &path), &json!({}))
    }

    /// It said that it did it, and did not.
    pub(super) fn not_done(&self, why: &str) -> AdminError {
        self.desk.refused(format!("it took the change of {} and did not make it: {why}", self.what))
    }
}
