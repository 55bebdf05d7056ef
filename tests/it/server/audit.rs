//! The audit as administrators read it: filters, pages, what they cost.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use sesam::{
    api::{
        audit::{Record, Statistics},
        page::Page,
    },
    server::{
        audit_filter::Filter,
        domain::{factor::Factor, time::Time},
        store::{
            audit::Search,
            read::{self, Cursor},
        },
    },
};

use super::{
    databases::{Database, HandClock, run},
    desk::Office,
    scene::{settle, show},
};

#[test]
fn a_page_finds_what_its_filter_says_and_nothing_else() {
    for database in Database::all() {
        run(async {
            let office = Office::open(&database).await;
            office.nobody(" ROOT ", 2).await;
            let found = async |q: &str| {
                let page: Page<Record> = office.get(&format!("/v1/admin/audit?q={q}")).await;
                assert!(page.next.is_none());
                page.items.into_iter().map(|row| row.event).collect::<Vec<_>>()
            };
            assert_eq!(found("user:%EF%BC%A8ugo%20factor:passcode").await.len(), 3, "{}", database.name);
            assert_eq!(
                found("user:HUGO%20result:ok%20event:administrator").await,
                ["Administrator user created"]
            );
            assert_eq!(found("user:root").await, ["Primary authentication - Password"; 2]);
            assert_eq!(found("user:root,hugo%20result:fail").await.len(), 5);
            assert_eq!(found("reason:unknown_user%20app:vpn").await.len(), 2);
            assert_eq!(found("reason:unknown_user%20app:wiki").await.len(), 0);
            assert_eq!(found("from:192.0.2.1%20actor:test%20result:failure").await.len(), 5);
            assert_eq!(found("from:192.0.2.2,192.0.2.3").await.len(), 0);
            assert_eq!(found("user:gone").await.len(), 0);
            assert_eq!(found("until:1h").await.len(), 0);
        });
    }
}

#[test]
fn pages_neither_repeat_nor_skip_and_nonsense_is_refused_with_a_sentence() {
    for database in Database::all() {
        run(async {
            let office = Office::open(&database).await;
            office.nobody("root", 9).await;
            for filter in ["", "q=user:root,hugo&", "q=event:Primary&"] {
                let whole: Page<Record> = office.get(&format!("/v1/admin/audit?{filter}limit=500")).await;
                let (mut seen, mut next) = (Vec::new(), String::new());
                loop {
                    let path = format!("/v1/admin/audit?{filter}limit=4{next}");
                    let page: Page<Record> = office.get(&path).await;
                    seen.extend(page.items);
                    let Some(cursor) = page.next else { break };
                    next = format!("&cursor={cursor}");
                }
                assert_eq!(seen, whole.items, "{} {filter}", database.name);
                assert!(seen.len() >= 9);
            }
            for (query, sentence) in [
                ("q=colour:red", "there are user, app"),
                ("limit=0", "from 1 to 500"),
                ("limit=501", "from 1 to 500"),
                ("limit=x", "another form"),
                ("cursor=x", "this cursor is none"),
                ("since=never", "is no time"),
                ("colour=red", "unknown field"),
            ] {
                let (status, text) = office.refused(&format!("/v1/admin/audit?{query}")).await;
                assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
                assert!(text.contains(sentence), "{query}: {text}");
            }
            assert_eq!(office.as_nobody("/v1/admin/audit").await, StatusCode::UNAUTHORIZED);
        });
    }
}

#[test]
fn every_page_walks_an_index_and_sorts_nothing() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            show(&stores[0], Factor::Passcode, "123").await;
            database.tamper(MANY).await.unwrap();
            let pool = stores[0].pool();
            let behind = Cursor { at: Time::from_millis(1_800_000_020_000), replica: "r1".into(), seq: 5 };
            for (text, index) in [
                ("", "audit_by_time"),
                ("result:fail since:2h", "audit_by_time"),
                ("user:hugo", "audit_of_user"),
                ("user:hugo,nobody", "audit_of_nobody"),
                ("from:10.0.0.7 result:fail", "audit_of_address"),
                ("app:a7", "audit_of_application"),
                ("event:\"Lock on\"", "audit_of_event"),
                ("reason:locked", "audit_of_reason"),
                ("reason:locked,wrong_code", "audit_of_reason"),
            ] {
                let filter = Filter::parse(text, Time::from_millis(1_800_000_000_000)).unwrap();
                let search = Search { filter, ids: BTreeSet::from(["u7".to_owned()]) };
                for behind in [None, Some(&behind)] {
                    let plan = search.plan(pool, behind, 50).await.unwrap().join("\n");
                    // PostgreSQL walks through time where every so-manieth row fits: no other walk is shorter.
                    let walked = plan.contains(index) || plan.contains("Scan Backward using audit_by_time");
                    assert!(walked, "{} {text}:\n{plan}", database.name);
                    let walks = text.is_empty() || !plan.contains("SCAN audit\n");
                    assert!(walks && !plan.contains("Seq Scan"), "{} {text}:\n{plan}", database.name);
                    let sorts = plan.contains("TEMP B-TREE") || plan.contains("Sort");
                    let merges = search.filter.users.len() + search.filter.reasons.len() > 1
                        || !search.filter.users.is_empty();
                    assert!(merges || !sorts, "{} {text}:\n{plan}", database.name);
                    search.page(pool, behind, 50).await.unwrap();
                }
            }
            let first = read::audit(pool, None, 3).await.unwrap();
            assert_eq!(first.len(), 3);
        });
    }
}

/// Fifty thousand rows of many users, made by the database itself.
const MANY: &str = "INSERT INTO audit (replica, seq, at, event, outcome, reason, application, user_id, user_name, \
    actor, address, prev, hash) \
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) \
    SELECT 'x', i, 1800000000000 + i, CASE WHEN i % 90 = 0 THEN 'Lock on' ELSE 'Bypass used' END, \
    CASE WHEN i % 3 = 0 THEN 'failure' ELSE 'success' END, CASE WHEN i % 100 = 0 THEN 'locked' END, \
    'a' || (i % 20), CASE WHEN i % 9 <> 0 THEN 'u' || (i % 700) END, 'n' || (i % 700), 'user', \
    '10.0.0.' || (i % 9), a.prev, a.hash FROM n, (SELECT prev, hash FROM audit LIMIT 1) AS a; ANALYZE;";

#[test]
fn an_export_holds_every_row_once_and_no_formula() {
    for database in Database::all() {
        run(async {
            let office = Office::open(&database).await;
            office.nobody("=HYPERLINK(\"http://x\")", 700).await;
            office.nobody("root", 600).await;
            let text = office.text("/v1/admin/audit.jsonl?q=reason:unknown_user").await;
            let rows: Vec<Record> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(rows.len(), 1300, "{}", database.name);
            assert!(rows.windows(2).all(|two| two[0].seq == two[1].seq + 1));
            let table = office.text("/v1/admin/audit.csv?q=reason:unknown_user").await;
            let mut table = csv::Reader::from_reader(table.as_bytes());
            let lines: Vec<_> = table.records().map(Result::unwrap).collect();
            assert_eq!(lines.len(), 1300);
            assert_eq!(&lines[1299][6], "'=HYPERLINK(\"http://x\")");
            assert_eq!(&lines[0][0], "2027-01-15T08:00:00Z");
            assert!(lines.iter().zip(&rows).all(|(line, row)| line[14] == row.seq.to_string()));
            let kind = office.ask("/v1/admin/audit.csv").await.headers()["content-type"].clone();
            assert_eq!(kind, "text/csv; charset=utf-8");
            let (status, _) = office.refused("/v1/admin/audit.csv?q=colour:red").await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
        });
    }
}

#[test]
fn the_audit_is_counted_by_each_of_its_parts_in_the_time_of_the_one_who_asks() {
    for database in Database::all() {
        run(async {
            let office = Office::open(&database).await;
            office.nobody("root", 4).await;
            office.clock.wait(3600);
            office.nobody("toor", 2).await;
            let count = async |query: &str| {
                let path = format!("/v1/admin/audit/statistics?{query}");
                let counted: Statistics = office.get(&path).await;
                let rows = counted.rows.into_iter().map(|row| (row.key, row.total));
                (counted.total, rows.collect::<Vec<_>>())
            };
            let rows = |rows: &[(&str, u64)]| {
                let total = rows.iter().map(|(_, many)| many).sum::<u64>();
                (total, rows.iter().map(|(key, many)| ((*key).to_owned(), *many)).collect::<Vec<_>>())
            };
            // 2027-01-15 is a Friday, and it is 08:00 in Greenwich.
            let hours = rows(&[("2027-01-15T08:00:00+00:00", 7), ("2027-01-15T09:00:00+00:00", 2)]);
            assert_eq!(count("by=hour&q=result:fail").await, hours, "{}", database.name);
            let india = rows(&[("2027-01-15T13:00:00+05:30", 7), ("2027-01-15T14:00:00+05:30", 2)]);
            assert_eq!(count("by=hour&q=result:fail&offset_minutes=330").await, india);
            let heat = rows(&[("5 08", 7), ("5 09", 2)]);
            assert_eq!(count("by=weekday_hour&q=result:fail").await, heat);
            assert_eq!(count("by=day&q=result:fail").await, rows(&[("2027-01-15", 9)]));
            assert_eq!(count("by=day&q=result:fail&offset_minutes=-600").await, rows(&[("2027-01-14", 9)]));
            let users = rows(&[("root", 4), ("Hugo", 3), ("toor", 2)]);
            assert_eq!(count("by=user&q=result:fail").await, users);
            assert_eq!(count("by=source&q=user:toor").await, rows(&[("192.0.2.1", 2)]));
            assert_eq!(count("by=application&q=user:toor,nobody").await, rows(&[("vpn", 2)]));
            let reasons = count("by=reason&q=result:fail").await;
            assert_eq!(reasons.1[0], ("unknown_user".to_owned(), 6));
            assert_eq!(count("by=event&since=30m").await.0, 2);
            for query in ["by=colour", "", "by=hour&since=90d", "by=hour&offset_minutes=841"] {
                let (status, text) = office.refused(&format!("/v1/admin/audit/statistics?{query}")).await;
                assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {text}");
            }
            let all: Statistics = office.get("/v1/admin/audit/statistics?by=reason&q=user:root").await;
            assert_eq!(all.rows[0].results.get("failure"), Some(&4));
        });
    }
}
