//! The audit as it grows, followed over real connections that break again and again.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use axum::http::StatusCode;
use sesam::{api::audit::Record, server::routes};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{
    databases::{Database, run},
    desk::{Nobody, Office},
    scene::holds,
};

/// Everything that a follower has seen, and the id that it goes on behind.
#[derive(Default)]
struct Seen {
    rows: Vec<Record>,
    id: Option<String>,
}

impl Seen {
    /// Follows one connection for so many bytes, cuts it off in the middle of whatever comes then.
    async fn follow(&mut self, (address, token): (SocketAddr, &str), most: usize) {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let last = self.id.as_ref().map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
        let ask = format!(
            "GET /v1/admin/audit/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{last}\r\n"
        );
        socket.write_all(ask.as_bytes()).await.unwrap();
        let (mut bytes, mut chunk) = (Vec::new(), vec![0; 1000]);
        while bytes.len() < most {
            let wait = tokio::time::timeout(Duration::from_secs(3), socket.read(&mut chunk));
            let Ok(Ok(count @ 1..)) = wait.await else { break };
            bytes.extend_from_slice(&chunk[..count]);
        }
        drop(socket);
        self.take(&String::from_utf8_lossy(&bytes));
    }

    /// Whole events alone count, as for every client of event streams.
    fn take(&mut self, text: &str) {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let body = unchunked(body);
        let whole = body.rfind("\n\n").map_or("", |end| &body[..end]);
        for event in whole.split("\n\n") {
            for line in event.lines() {
                if let Some(data) = line.strip_prefix("data: ") {
                    self.rows.push(serde_json::from_str(data).unwrap());
                }
                if let Some(id) = line.strip_prefix("id: ") {
                    self.id = Some(id.to_owned());
                }
            }
        }
    }
}

/// The body of an answer in chunks, as far as it came.
fn unchunked(mut text: &str) -> String {
    let mut body = String::new();
    while let Some((size, rest)) = text.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        body.push_str(rest.get(..size).unwrap_or(rest));
        let Some(next) = rest.get(size + 2..) else { break };
        text = next;
    }
    body
}

/// Serves every replica on a port of its own.
async fn serve(office: &Office) -> Vec<SocketAddr> {
    let mut addresses = Vec::new();
    for service in &office.services {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        addresses.push(listener.local_addr().unwrap());
        let routes = routes::all(service.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
    }
    addresses
}

#[test]
fn a_follower_whose_connection_breaks_again_and_again_sees_every_row_once_and_in_order() {
    for database in Database::all() {
        run(async {
            let office = Office::open(&database).await;
            let addresses = serve(&office).await;
            let mut seen = Seen { id: Some("-".into()), ..Seen::default() };
            let load: Vec<_> = office
                .services
                .iter()
                .map(|service| {
                    let store = service.store.clone();
                    tokio::spawn(async move {
                        for _ in 0..400 {
                            store.submit(Nobody("root")).await.unwrap();
                        }
                    })
                })
                .collect();
            let mut connections = 0;
            let whole = loop {
                let address = addresses[connections % addresses.len()];
                seen.follow((address, &office.token), 1500 + 1700 * (connections % 7)).await;
                connections += 1;
                let written = load.iter().all(tokio::task::JoinHandle::is_finished);
                let ends = office.services[0].store.verify().await.unwrap().unwrap();
                let whole = ends.into_iter().map(|(_, head)| head.seq).sum::<i64>();
                if written && i64::try_from(seen.rows.len()).unwrap() >= whole {
                    break whole;
                }
                assert!(connections < 3000, "{}: {} of {whole} rows", database.name, seen.rows.len());
            };
            let mut next = BTreeMap::new();
            for row in &seen.rows {
                let expected = next.entry(row.replica.as_str()).or_insert(1);
                assert_eq!(row.seq, *expected, "{} of {}", row.replica, database.name);
                *expected += 1;
            }
            assert_eq!(i64::try_from(seen.rows.len()).unwrap(), whole);
            assert!(connections > 10 && next.len() == database.replicas, "{connections}");
            holds(&[office.services[0].store.clone()]).await;
        });
    }
}

#[test]
fn it_begins_at_the_present_and_what_a_filter_drops_moves_the_id() {
    run(async {
        let database = Database::sqlite();
        let office = Office::open(&database).await;
        let address = serve(&office).await[0];
        let mut seen = Seen::default();
        seen.follow((address, &office.token), 1).await;
        let head = office.services[0].store.verify().await.unwrap().unwrap()[0].1.seq;
        assert_eq!((seen.rows.len(), seen.id.clone()), (0, Some(format!("r0={head}"))));
        office.nobody("root", 3).await;
        let path = format!("/v1/admin/audit/stream?q=user:hugo&after=r0={head}");
        let mut body = office.ask(&path).await.into_body().into_data_stream();
        let mut text = String::new();
        while !text.contains(&format!("id: r0={}\n\n", head + 3)) {
            let piece = futures_util::StreamExt::next(&mut body).await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(&piece).unwrap());
        }
        assert!(!text.contains("data:"), "{text}");
    });
}

#[test]
fn a_hostile_position_is_refused_and_a_revoked_key_or_a_stop_ends_it() {
    run(async {
        let database = Database::sqlite();
        let office = Office::open(&database).await;
        for after in ["", "x", "r0=999999", "other=0", "r0=-1", "r0=1,r0=2"] {
            let (status, text) = office.refused(&format!("/v1/admin/audit/stream?after={after}")).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{after}: {text}");
        }
        let ends = async |body: axum::body::Body| {
            let whole = axum::body::to_bytes(body, usize::MAX);
            tokio::time::timeout(Duration::from_mins(1), whole).await.unwrap().unwrap()
        };
        let body = office.ask("/v1/admin/audit/stream").await.into_body();
        office.services[0].stopping.send_replace(true);
        ends(body).await;
        office.services[0].stopping.send_replace(false);
        let mut body = office.ask("/v1/admin/audit/stream").await.into_body().into_data_stream();
        office.clock.wait(16);
        let mut pieces = Vec::new();
        while pieces.last().is_none_or(|piece: &axum::body::Bytes| piece != ":\n\n") {
            pieces.push(futures_util::StreamExt::next(&mut body).await.unwrap().unwrap());
        }
        let body = axum::body::Body::from_stream(body);
        office.revoke().await;
        office.clock.wait(61);
        ends(body).await;
    });
}
