//! What a server can do: yes, in a roundabout way, or not, and what to do instead.

/// Whether a server can do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capability {
    /// It can.
    Yes,
    /// In a roundabout way: how.
    Emulated(&'static str),
    /// It cannot: why, and what to do.
    No(&'static str),
}

/// What a server can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Take the bindings away and lead the user to binding anew.
    pub reset: Capability,
    /// Take one binding away.
    pub unbind: Capability,
    /// Bind on behalf of a user. In a roundabout way means: good at once, without a code, and for every application.
    pub enrol: Capability,
    /// No second step until a time.
    pub bypass: Capability,
    /// End a lock.
    pub unlock: Capability,
    /// A one-time passcode.
    pub passcode: Capability,
    /// Let a user sign in, or not.
    pub enable: Capability,
    /// Switch factors of an application.
    pub factors: Capability,
    /// Read the audit.
    pub audit: Capability,
    /// Follow the audit.
    pub follow: Capability,
    /// Count the audit.
    pub statistics: Capability,
}

impl Capabilities {
    /// Everything.
    pub const ALL: Self = Self {
        reset: Capability::Yes,
        unbind: Capability::Yes,
        enrol: Capability::Yes,
        bypass: Capability::Yes,
        unlock: Capability::Yes,
        passcode: Capability::Yes,
        enable: Capability::Yes,
        factors: Capability::Yes,
        audit: Capability::Yes,
        follow: Capability::Yes,
        statistics: Capability::Yes,
    };

    /// Each with its name, for tables.
    pub fn named(&self) -> [(&'static str, &Capability); 11] {
        [
            ("reset", &self.reset),
            ("unbind", &self.unbind),
            ("enrol", &self.enrol),
            ("bypass", &self.bypass),
            ("unlock", &self.unlock),
            ("passcode", &self.passcode),
            ("enable", &self.enable),
            ("factors", &self.factors),
            ("audit", &self.audit),
            ("follow", &self.follow),
            ("statistics", &self.statistics),
        ]
    }
}
