//! The many users besides the ten: names that are put together from a first and a last one, the same ones every time.

use jiff::Timestamp;

use super::{
    apps::members,
    cast::{minutes, plain},
    user::{Bound, User},
};

/// So many users by name, behind the ten.
pub(super) fn crowd(count: usize, now: Timestamp) -> Vec<User> {
    let mut crowd: Vec<User> = (0..count).map(|nth| user((nth, count), now)).collect();
    if let Some(noether) = crowd.get_mut(count / 2) {
        locked(noether, ("noether", "Emmy Noether"), (5, now));
    }
    if let Some(wilkes) = crowd.get_mut(count / 3) {
        locked(wilkes, ("wilkes", "Maurice Wilkes"), (3, now));
    }
    crowd.sort_by(|one, other| one.name.cmp(&other.name));
    crowd
}

fn locked(user: &mut User, (name, display): (&str, &str), (failures, now): (u32, Timestamp)) {
    let applications = std::mem::take(&mut user.applications);
    *user = User { applications, failures, ..plain(name, display, now) };
    user.last_success = Some(minutes(now, -113));
    user.locked_until = Some(minutes(now, 41));
}

fn user((nth, count): (usize, usize), now: Timestamp) -> User {
    let (first, last) = (FIRST[nth % FIRST.len()], LAST[(nth / FIRST.len()) % LAST.len()]);
    let again = nth / (FIRST.len() * LAST.len());
    let number = if again == 0 { String::new() } else { (again + 1).to_string() };
    let name = format!("{}.{}{number}", first.to_lowercase(), last.to_lowercase());
    let mut user = plain(&name, &format!("{first} {last}"), now);
    user.applications = members(nth, count);
    // Spread over the names, in an order that looks like none.
    let place = (nth * 7 + 3) % count.max(1);
    let seen = i64::try_from((nth * 37) % 9000).unwrap_or(0) + 4;
    user.last_success = Some(minutes(now, -seen));
    user.failures = u32::from(nth % 23 == 5);
    match place {
        // These alone have nothing but codes by SMS.
        0..38 if count > 100 => {
            let label = format!("+49 … {:02}", nth % 100);
            user.bindings = vec![Bound::new((format!("b-{name}-1"), "sms"), &label, minutes(now, -80_000))];
            user.applications = vec!["wiki".to_owned()];
        }
        38..43 => {
            (user.bindings, user.last_success) = (vec![], None);
        }
        43..55 => user.disabled = true,
        55..300 => {
            let device = (format!("b-{name}-2"), "push");
            user.bindings.push(Bound::new(device, "iPhone", minutes(now, -60_000)));
        }
        _ => {}
    }
    if let Some(first) = user.bindings.first_mut() {
        first.used = user.last_success;
    }
    user
}

const FIRST: [&str; 40] = [
    "Adele", "Alonzo", "Anita", "Annie", "Butler", "Carol", "Claude", "Dana", "Dorothy", "Edith", "Elaine",
    "Erna", "Evelyn", "Fran", "Gerald", "Gordon", "Hedy", "Ida", "Irene", "Jean", "Joan", "John", "Karen",
    "Kathleen", "Lois", "Lynn", "Manuel", "Margaret", "Mary", "Niklaus", "Peter", "Robin", "Ruth", "Shafi",
    "Sophie", "Stephen", "Susan", "Tony", "Ursula", "Vera",
];
const LAST: [&str; 40] = [
    "Abbate",
    "Backus",
    "Bartik",
    "Booth",
    "Borg",
    "Cerf",
    "Church",
    "Clarke",
    "Codd",
    "Conway",
    "Cook",
    "Davies",
    "Easley",
    "Engel",
    "Floyd",
    "Goldwasser",
    "Granville",
    "Hamilton",
    "Hoare",
    "Holberton",
    "Iverson",
    "Karp",
    "Keller",
    "Knuth",
    "Lamarr",
    "Lamport",
    "Landin",
    "Milner",
    "Naur",
    "Perlis",
    "Rabin",
    "Rhodes",
    "Shannon",
    "Snyder",
    "Stallings",
    "Tarjan",
    "Vaughan",
    "Wing",
    "Wirth",
    "Yao",
];
