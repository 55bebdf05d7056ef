//! Users that are brought in as a table: line by line, a bad one stops no other.

use axum::extract::{DefaultBodyLimit, State};
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use super::{
    change::{Change, reply},
    person,
};
use crate::{
    api::users::{ImportUsers, Imported, NewUser, RefusedLine},
    server::{
        domain::administrator::Act,
        routes::{
            refusal::{Refusal, Refusals},
            request::Body,
        },
        seal::password::PasswordHash,
        service::Service,
        store::{
            make::{ImportUsers as Bring, Line},
            replies::Reply,
        },
    },
    text,
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(import)).layer(DefaultBodyLimit::max(MOST_BYTES))
}

/// Brings users in: CSV with a first line of names. Who is there already, by any spelling, is named and left alone.
#[utoipa::path(post, path = "/v1/admin/users/import", tag = "users", security(("administrator" = [])),
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 200, body = Imported), Refusals))]
async fn import(
    State(service): State<Service>,
    change: Change,
    Body(wish): Body<ImportUsers>,
) -> Result<Reply, Refusal> {
    change.admin.may(&service, Act::ManageUsers).await?;
    let (lines, refused) = bring(&service, &wish.csv, Some((MOST_LINES, MOST_PASSWORDS))).await?;
    let work = Bring { lines, scene: change.admin.scene.clone() };
    let then = move |(created, known): (u32, Vec<(u64, String)>)| {
        let mut refused = refused.clone();
        refused.extend(
            known.iter().map(|(at, name)| refuse(*at, name, "there is a user of this name already".into())),
        );
        refused.sort_by_key(|line| line.line);
        Ok(reply(200, &Imported { created, refused }))
    };
    change.make((&service, Act::ManageUsers), &wish, (work, then)).await
}

/// The users of a table, and the lines that are none. `most` bounds lines and passwords.
pub(in crate::server) async fn bring(
    service: &Service,
    csv: &str,
    most: Option<(usize, usize)>,
) -> Result<(Vec<Line>, Vec<RefusedLine>), Refusal> {
    let (typed, mut refused) = read(csv, most)?;
    let mut lines = Vec::with_capacity(typed.len());
    for typed in typed {
        match line(service, &typed).await? {
            Ok(line) => lines.push(line),
            Err(reason) => refused.push(refuse(typed.at, &typed.new.name, reason)),
        }
    }
    Ok((lines, refused))
}

/// One line as it was typed.
struct Typed {
    at: u64,
    new: NewUser,
    hash: Option<String>,
}

/// The lines, and those that have not as many fields as the first.
fn read(csv: &str, most: Option<(usize, usize)>) -> Result<(Vec<Typed>, Vec<RefusedLine>), Refusal> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let columns = reader.headers().map_err(|_| Refusal::invalid("this is no CSV"))?.clone();
    if let Some(odd) = columns.iter().find(|name| !COLUMNS.contains(name)) {
        let detail =
            format!("no column is named \"{}\": {} are known", text::safe_cut(odd, 40), COLUMNS.join(", "));
        return Err(Refusal::invalid(detail));
    }
    if !columns.iter().any(|name| name == "name") {
        return Err(Refusal::invalid("the first line names the columns, and one of them is \"name\""));
    }
    let (mut typed, mut refused) = (vec![], vec![]);
    for (nth, record) in reader.records().enumerate() {
        if most.is_some_and(|(lines, _)| nth == lines) {
            return Err(Refusal::invalid("more than 2,000 users at once: bring them in pieces"));
        }
        let Ok(record) = record else {
            let at = u64::try_from(nth).unwrap_or(u64::MAX) + 2;
            refused.push(refuse(at, "", "the line has another number of fields than the first".into()));
            continue;
        };
        let at = record.position().map_or(0, csv::Position::line);
        let field = |name: &str| {
            let place = columns.iter().position(|column| column == name);
            place.and_then(|place| record.get(place)).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let new = NewUser {
            name: field("name").unwrap_or_default(),
            display: field("display"),
            email: field("email"),
            mobile: field("mobile"),
            password: field("password"),
            ..NewUser::default()
        };
        typed.push(Typed { at, new, hash: field("password_hash") });
    }
    let passwords = typed.iter().filter(|line| line.new.password.is_some()).count();
    if most.is_some_and(|(_, most)| passwords > most) {
        return Err(Refusal::invalid(
            "more than 200 passwords at once: bring hashes (password_hash), or pieces",
        ));
    }
    Ok((typed, refused))
}

/// A user of a line, or why there is none.
async fn line(service: &Service, typed: &Typed) -> Result<Result<Line, String>, Refusal> {
    let user = match person::new(service, &typed.new) {
        Ok(user) => user,
        Err(refusal) => return Ok(Err(refusal.sentence())),
    };
    let password = match (&typed.hash, &typed.new.password) {
        (Some(hash), None) => match PasswordHash::read(hash) {
            Some(hash) => Some(hash),
            None => return Ok(Err("password_hash is none of Argon2id that can be checked here".to_owned())),
        },
        (None, Some(password)) => match person::new_password(password, &typed.new.name) {
            Ok(password) => Some(service.new_password(Zeroizing::new(password.to_string())).await?),
            Err(refusal) => return Ok(Err(refusal.sentence())),
        },
        (Some(_), Some(_)) => return Ok(Err("password and password_hash exclude each other".to_owned())),
        (None, None) => None,
    };
    Ok(Ok(Line { at: typed.at, user, password }))
}

fn refuse(line: u64, name: &str, reason: String) -> RefusedLine {
    RefusedLine { line, name: text::safe_cut(name, 64), reason }
}

const COLUMNS: [&str; 6] = ["name", "display", "email", "mobile", "password", "password_hash"];
const MOST_BYTES: usize = 1024 * 1024;
const MOST_LINES: usize = 2000;
const MOST_PASSWORDS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Option<(usize, usize)> = Some((MOST_LINES, MOST_PASSWORDS));

    #[test]
    fn a_table_is_read_line_by_line() {
        let (typed, refused) =
            read("\u{feff}name,email\nHugo, hugo@example.com \nIda\n\"A, B\",\n", MOST).unwrap();
        let names: Vec<(u64, &str)> = typed.iter().map(|line| (line.at, line.new.name.as_str())).collect();
        assert_eq!(names, [(2, "Hugo"), (4, "A, B")]);
        assert_eq!(
            (typed[0].new.email.as_deref(), typed[1].new.email.as_deref()),
            (Some("hugo@example.com"), None)
        );
        assert_eq!((refused.len(), refused[0].line), (1, 3));
        assert!(
            read("colour\nred\n", MOST).is_err()
                && read("email\na@b.de\n", MOST).is_err()
                && read("", MOST).is_err()
        );
        assert!(read(&format!("name\n{}", "x\n".repeat(2001)), MOST).is_err());
    }
}
