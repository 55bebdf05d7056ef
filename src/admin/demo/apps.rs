//! The demo's applications, who signs in where, and whom a factor that goes would keep out.

use super::user::User;
use crate::admin::model::Application;

/// An application.
#[derive(Clone, Debug)]
pub(super) struct App {
    pub(super) id: String,
    /// Each factor, and whether it is on.
    pub(super) factors: Vec<(String, bool)>,
    pub(super) remember_minutes: Option<u64>,
}

/// What a factor that goes would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Impact {
    /// Bindings for this application alone: they go.
    pub(super) bindings: u64,
    /// Whose they are.
    pub(super) users: u64,
    /// Who has no other factor of the application.
    pub(super) left_without: u64,
    /// Who signs in there at all.
    pub(super) members: u64,
}

type Listed = (&'static str, usize, &'static [&'static str], Option<u64>);
/// Id, how many of 1,204 sign in there, which factors are on, minutes that a browser is remembered.
const APPS: [Listed; 5] = [
    ("vpn", 1140, &["totp", "hotp", "push", "fido2"], Some(10)),
    ("ssh-bastion", 212, &["totp", "push", "fido2"], None),
    ("wiki", 1198, &["totp", "hotp", "push", "fido2", "sms"], Some(720)),
    ("payroll", 41, &["fido2"], None),
    ("legacy-mail", 0, &[], None),
];
const FACTORS: [&str; 5] = ["totp", "hotp", "push", "fido2", "sms"];
/// How many there are besides the ten.
const CROWD: usize = 1194;
/// How many of the ten sign in at each.
const OF_THE_TEN: [usize; 5] = [10, 3, 9, 1, 0];

/// The applications of the pictures.
pub(super) fn apps() -> Vec<App> {
    let app = |(id, _, on, remember_minutes): &Listed| App {
        id: (*id).to_owned(),
        factors: FACTORS.iter().map(|factor| ((*factor).to_owned(), on.contains(factor))).collect(),
        remember_minutes: *remember_minutes,
    };
    APPS.iter().map(app).collect()
}

/// Where the one of this number among so many signs in: as many at each application as the pictures say.
pub(super) fn members(nth: usize, count: usize) -> Vec<String> {
    let place = (nth * 7 + 3) % count.max(1);
    // The first 38 places sign in at the wiki alone: the others fill from behind.
    let from_behind = count - 1 - place;
    let at = |((id, many, ..), ten): (&Listed, &usize)| {
        let wanted = many.saturating_sub(*ten) * count / CROWD;
        let is_in = if *id == "wiki" { place < wanted } else { from_behind < wanted };
        is_in.then(|| (*id).to_owned())
    };
    APPS.iter().zip(&OF_THE_TEN).filter_map(at).collect()
}

impl App {
    /// As admin mode has it.
    pub(super) fn application(&self, people: &[User]) -> Application {
        let members = people.iter().filter(|user| user.applications.contains(&self.id)).count();
        Application {
            id: self.id.clone(),
            name: self.id.clone(),
            factors: self.factors.clone(),
            users: Some(members as u64),
            remember_minutes: self.remember_minutes,
        }
    }

    /// Whether a factor is on; `None` where there is none of this name.
    pub(super) fn asks_for(&self, factor: &str) -> Option<bool> {
        self.factors.iter().find(|(name, _)| name == factor).map(|(_, on)| *on)
    }

    /// What it would do to switch a factor off.
    pub(super) fn impact(&self, factor: &str, people: &[User]) -> Impact {
        let mut impact = Impact::default();
        for user in people.iter().filter(|user| user.applications.contains(&self.id)) {
            impact.members += 1;
            let opens = |one: &&super::user::Bound| one.opens(&self.id);
            let own: Vec<_> = user.bindings.iter().filter(opens).collect();
            if !own.iter().any(|one| one.is_for(factor)) {
                continue;
            }
            let go = own.iter().filter(|one| one.is_for(factor) && one.application.is_some()).count();
            impact.bindings += go as u64;
            impact.users += u64::from(go > 0);
            let others = self.factors.iter().filter(|(name, on)| *on && name != factor);
            let mut others = others.map(|(name, _)| name.as_str());
            impact.left_without += u64::from(!others.any(|other| own.iter().any(|one| one.is_for(other))));
        }
        impact
    }
}
