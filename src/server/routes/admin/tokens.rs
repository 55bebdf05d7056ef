//! Hardware tokens: brought in from PSKC or a table, assigned to a user.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    change::{Change, reply},
    shape,
};
use crate::{
    api::{
        page::Page,
        tokens::{AssignToken, BringTokens, Brought, RefusedToken, Token},
    },
    otp::Kind,
    server::{
        domain::administrator::Act,
        routes::{
            authority::Admin,
            refusal::{Refusal, Refusals},
            request::{Body, Params},
        },
        service::Service,
        store::{
            Ask,
            assign::{Assign, Bring},
            replies::Reply,
            tokens::{self, Spare},
        },
    },
    text,
    tokens::{TokenError, pskc, table},
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list, bring)).routes(routes!(assign))
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// How many, 1 to 500.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 500)]
    limit: u16,
    /// Where the page begins, as the page before said.
    #[serde(default)]
    cursor: Option<String>,
}

/// A page of the tokens that nobody has, by number.
#[utoipa::path(get, path = "/v1/admin/tokens", tag = "tokens", security(("administrator" = [])), params(Wish),
    responses((status = 200, body = Page<Token>), Refusals))]
async fn list(
    State(service): State<Service>,
    admin: Admin,
    Params(wish): Params<Wish>,
) -> Result<Json<Page<Token>>, Refusal> {
    admin.may(&service, Act::Look).await?;
    if !(1..=500).contains(&wish.limit) {
        return Err(Refusal::unreadable("limit is 1 to 500"));
    }
    let behind = wish.cursor.unwrap_or_default().replace('\0', "");
    let mut found = tokens::list(service.store.pool(), &behind, i64::from(wish.limit) + 1).await?;
    let more = found.len() > usize::from(wish.limit);
    found.truncate(wish.limit.into());
    let next = found.last().filter(|_| more).map(|last| last.serial.clone());
    let token = |own: tokens::Outline| Token {
        serial: own.serial,
        manufacturer: own.manufacturer,
        kind: own.kind,
        digits: u8::try_from(own.digits).unwrap_or_default(),
        period: u32::try_from(own.period).unwrap_or_default(),
        created: shape::timestamp(own.created),
    };
    Ok(Json(Page { items: found.into_iter().map(token).collect(), next }))
}

/// Brings tokens in: PSKC (RFC 6030), or a table with serial numbers and secrets.
#[utoipa::path(post, path = "/v1/admin/tokens", tag = "tokens", security(("administrator" = [])),
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 200, body = Brought), Refusals))]
async fn bring(
    State(service): State<Service>,
    change: Change,
    Body(wish): Body<BringTokens>,
) -> Result<Reply, Refusal> {
    change.admin.may(&service, Act::ManageTokens).await?;
    let (content, password) = (wish.content.clone(), wish.password.clone());
    let read = service.hash(move || read(&content, password.as_deref())).await?;
    let (spares, mut refused) = read.map_err(|error| Refusal::invalid(error.to_string()))?;
    let count = spares.len();
    let work = Bring { tokens: spares, scene: change.admin.scene.clone() };
    let then = move |known: Vec<String>| {
        let brought = u32::try_from(count - known.len()).unwrap_or(u32::MAX);
        let known = known.into_iter().map(|serial| RefusedToken {
            at: 0,
            serial,
            reason: "there is a token of this number already".to_owned(),
        });
        refused.extend(known);
        Ok(reply(200, &Brought { brought, refused: std::mem::take(&mut refused) }))
    };
    change.make((&service, Act::ManageTokens), &wish, (work, then)).await
}

/// Assigns a token to a user, for one application or for all. To take it away, remove the binding.
#[utoipa::path(post, path = "/v1/admin/users/{id}/tokens", tag = "tokens", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn assign(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(wish): Body<AssignToken>,
) -> Result<Reply, Refusal> {
    let scene = change.admin.scene.clone();
    let ask = Ask { user: id, application: wish.application.clone(), sign_in: None, role: true, scene };
    let may = change.judge(Act::ManageTokens, &wish.reason);
    let (serial, reason) = (wish.serial.clone(), wish.reason.clone());
    let work = Assign { ask, serial, binding: service.id(), reason, may };
    let then = |answer: Result<(), Refusal>| answer.map(|()| Reply::nothing());
    change.make((&service, Act::ManageTokens), &wish, (work, then)).await
}

/// Reads a file of tokens: those that can be used here, and why the others cannot.
fn read(content: &str, password: Option<&str>) -> Result<(Vec<Spare>, Vec<RefusedToken>), TokenError> {
    let tokens = if content.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        pskc::Container::read(content)?.tokens(password)?
    } else {
        table::read(content)?
    };
    if tokens.len() > MOST_TOKENS {
        return Err(TokenError::TooMany);
    }
    let (mut spares, mut refused): (Vec<Spare>, _) = (vec![], vec![]);
    for token in tokens {
        let serial = token.serial.trim().to_owned();
        let fits = (1..=64).contains(&serial.chars().count()) && text::is_plain(&serial);
        let reason = match &token.otp {
            _ if !fits => "it has no number of 1 to 64 characters".to_owned(),
            _ if spares.iter().any(|other| other.serial == serial) => {
                "its number stands in the file twice".to_owned()
            }
            Err(error) => error.to_string(),
            Ok(otp) if !matches!(otp.kind, Kind::Totp { .. } | Kind::Hotp { .. }) => {
                "it is a key of another kind than TOTP and HOTP".to_owned()
            }
            Ok(otp) => {
                let manufacturer =
                    Some(text::safe(&token.manufacturer).into_owned()).filter(|text| !text.is_empty());
                spares.push(Spare { serial, manufacturer, otp: otp.clone() });
                continue;
            }
        };
        let at = u64::try_from(token.at).unwrap_or(u64::MAX);
        refused.push(RefusedToken { at, serial: text::safe(&serial).into_owned(), reason });
    }
    Ok((spares, refused))
}

fn fifty() -> u16 {
    50
}

/// So many tokens are written at once, without keeping others waiting.
const MOST_TOKENS: usize = 2000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_named() {
        let table = "serial,secret,type\nA1,12345678901234567890,totp\nA1,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,totp\n\
            A2,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,push\n,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,totp\n\
            A3,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,hotp\n";
        let (spares, refused) = read(table, None).unwrap();
        let serials: Vec<&str> = spares.iter().map(|spare| spare.serial.as_str()).collect();
        assert_eq!(serials, ["A1", "A3"]);
        let said: Vec<(u64, &str)> = refused.iter().map(|one| (one.at, one.serial.as_str())).collect();
        assert_eq!(said, [(2, "A1"), (4, "A2"), (5, "")]);
        assert!(read("hello", None).is_err() && read("<KeyContainer>", None).is_err());
    }
}
