//! The way to an MFA server, step by step: its address, its name, its certificate, the token, the right, the clocks.
//! What fails first ends it: what comes behind cannot be looked at. Only GET is sent, and the sign-in of the profile.

use std::net::{SocketAddr, ToSocketAddrs};

use zeroize::Zeroizing;

use super::finding::{Finding, State};
use crate::{
    admin::{
        Provider,
        bearer::Bearer,
        certificate::Certificate,
        connect::{Profile, bare},
        model::Overview,
    },
    cli::{
        admin::connect::{connect, failed, profile},
        context::Context,
        exit::Failure,
    },
    config::is_this_machine,
};

/// Looks at one server: the one that is named, or meant where none is.
pub(super) fn look(cx: &Context, named: Option<&str>) -> Vec<Finding> {
    let mut found = vec![];
    if let Err(failure) = steps(cx, named, &mut found) {
        let cure = failure.hint.unwrap_or_else(|| "sesam admin server list shows what is set up".to_owned());
        found.push(Finding::bad(TOPIC, State::Fault, failure.message, ("admin mode cannot use it", cure)));
    }
    found
}

fn steps(cx: &Context, named: Option<&str>, found: &mut Vec<Finding>) -> Result<(), Failure> {
    let profile = profile(cx, named)?;
    let (name, url) = (&profile.name, &profile.server.url);
    found.push(Finding::good(TOPIC, format!("{name} is at {url} ({})", profile.server.provider.word())));
    found.push(addresses(&profile)?);
    let http = bare(&profile, Bearer::fixed(Zeroizing::default())).map_err(failed)?;
    http.knock().map_err(failed)?;
    found.push(match http.certificate() {
        Some(certificate) => judged(cx, &profile, &certificate),
        None => Finding::good(TOPIC, "it answers; no TLS, for it is this machine"),
    });
    let provider = connect(cx, Some(name))?.provider;
    let seen = provider.overview().map_err(failed)?;
    found.push(Finding::good(TOPIC, format!("the token is good: it asks as {}", seen.actor)));
    found.push(role(&seen));
    found.push(Finding::good(TOPIC, format!("its version is {}; {}", seen.version, can(provider.as_ref()))));
    found.extend(clocks(cx, name, &seen));
    Ok(())
}

fn addresses(profile: &Profile) -> Result<Finding, Failure> {
    let rest = profile.server.url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let usual = if profile.server.url.starts_with("http://") { 80 } else { 443 };
    let bare = authority.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
    let (host, port) = bare.map_or((authority, usual), |(host, port)| (host, port.parse().unwrap_or(usual)));
    let host = host.trim_matches(['[', ']']);
    let known = (host, port).to_socket_addrs().map_err(|error| {
        let sentence = format!("the name {host} leads nowhere ({error})");
        Failure::failed(sentence).hint("check the address, the network and its name server")
    })?;
    let all: Vec<String> = known.map(|one: SocketAddr| one.ip().to_string()).collect();
    let here = if is_this_machine(&profile.server.url) { ", this machine" } else { "" };
    Ok(Finding::good(TOPIC, format!("{host} is {}{here}", all.join(", "))))
}

/// A certificate that is trusted, and how long it holds.
fn judged(cx: &Context, profile: &Profile, certificate: &Certificate) -> Finding {
    let how = if profile.server.pin.is_some() { "pinned" } else { "trusted" };
    let issuer = &certificate.issuer;
    let Some(until) = certificate.until else {
        return Finding::good(TOPIC, format!("its certificate is {how}, signed by {issuer}"));
    };
    let days = until.duration_since(cx.now()).as_hours() / 24;
    let date = until.strftime("%Y-%m-%d");
    let what = format!("its certificate is {how}, signed by {issuer}, until {date} ({days} days)");
    if days >= SOON {
        return Finding::good(TOPIC, what);
    }
    let cure = "have it renewed on the server".to_owned();
    Finding::bad(TOPIC, State::Warning, what, ("clients will refuse it then", cure))
}

fn role(seen: &Overview) -> Finding {
    match seen.role.as_deref() {
        Some("viewer") => {
            let advice = (
                "it may look, and change nothing",
                "give it the role helpdesk where it should help".to_owned(),
            );
            Finding::bad(TOPIC, State::Warning, "its role is viewer", advice)
        }
        Some(role) => Finding::good(TOPIC, format!("its role is {role}")),
        None => Finding::good(TOPIC, "the server says nothing of its rights"),
    }
}

fn can(provider: &dyn Provider) -> String {
    use crate::admin::capability::Capability;
    let all = provider.capabilities();
    let not: Vec<&str> = all
        .named()
        .into_iter()
        .filter(|(_, can)| matches!(can, Capability::No(_)))
        .map(|(name, _)| name)
        .collect();
    if not.is_empty() {
        "it can do everything".to_owned()
    } else {
        format!("it cannot do: {}", not.join(", "))
    }
}

fn clocks(cx: &Context, name: &str, seen: &Overview) -> Option<Finding> {
    let apart = cx.now().as_second() - seen.time?.as_second();
    if apart.abs() <= TOLERANCE {
        return Some(Finding::good(TOPIC, format!("the clocks are {} s apart", apart.abs())));
    }
    let direction = if apart > 0 { "ahead of" } else { "behind" };
    let what = format!("this computer is {} s {direction} {name}", apart.abs());
    let cure = "sesam doctor clock says which of the two is wrong".to_owned();
    Some(Finding::bad(TOPIC, State::Fault, what, ("codes may be refused", cure)))
}

const TOPIC: &str = "server";
/// More than so many seconds apart, and codes may be refused.
const TOLERANCE: i64 = 5;
/// From so many days on a certificate is told.
const SOON: i64 = 14;
