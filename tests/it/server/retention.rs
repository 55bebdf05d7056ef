//! What is kept of the audit, and that every tampering with it is found: by the pure chain over ten thousand rows of a
//! real store, and by the store itself.

use sesam::server::{
    chain::{Broken, ChainKeys, Follower, Head, Link},
    domain::time::{Time, hours},
    store::{Store, chains, retention, rows},
};

use super::{
    databases::{Database, HandClock, run},
    desk::Nobody,
    scene::{holds, scene, settle},
};

/// Many rows, with an hour between thousands.
async fn fill(store: &Store, clock: &HandClock, thousands: usize) {
    for _ in 0..thousands {
        let submits = (0..1000).map(|_| store.submit(Nobody("root")));
        for done in futures_util::future::join_all(submits).await {
            done.unwrap();
        }
        clock.wait(3600);
    }
}

fn follow(links: &[&Link], (keys, head): (&ChainKeys, Head)) -> Result<Head, Broken> {
    let mut follower = Follower::new(keys, "r0", Head::START);
    links.iter().try_for_each(|link| follower.step(link))?;
    follower.end(head, &head.seal(keys, "r0"))
}

#[test]
fn every_tampering_with_one_of_ten_thousand_rows_is_found() {
    run(async {
        let database = Database::sqlite();
        let clock = HandClock::new();
        let store = Store::open(database.settings(0, &clock)).await.unwrap().0;
        fill(&store, &clock, 10).await;
        let found =
            store.pool().rows(chains::CHAIN, vec!["r0".into(), 0.into(), 20_000.into()]).await.unwrap();
        let links: Vec<Link> = found.iter().map(|row| rows::link(row).unwrap()).collect();
        let (keys, head) = (store.chain_keys(), links.last().unwrap().head());
        let whole: Vec<&Link> = links.iter().collect();
        assert_eq!((whole.len(), follow(&whole, (keys, head))), (10_000, Ok(head)));
        // A row is judged by its own words and the hash before it: what stands before a change need not be walked again.
        for at in 0..links.len() {
            let before = if at == 0 { Head::START } else { links[at - 1].head() };
            let follower = || Follower::new(keys, "r0", before);
            let mut edited = links[at].clone();
            let field = at % edited.fields.len();
            edited.fields[field] = Some("x".into());
            assert!(follower().step(&edited).is_err(), "edited {at}");
            let mut again = follower();
            again.step(&links[at]).unwrap();
            assert!(again.step(&links[at]).is_err(), "inserted {at}");
            let cut = follower();
            assert!(cut.end(head, &head.seal(keys, "r0")).is_err(), "truncated before {at}");
            if let Some(next) = links.get(at + 1) {
                assert!(follower().step(next).is_err(), "deleted or swapped {at}");
                let mut renumbered = next.clone();
                renumbered.seq = links[at].seq;
                assert!(follower().step(&renumbered).is_err(), "moved {at}");
            }
        }
    });
}

#[test]
fn old_rows_go_at_a_checkpoint_and_the_rest_still_verifies() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let store = Store::open(database.settings(0, &clock)).await.unwrap().0;
            settle(&store).await;
            fill(&store, &clock, 4).await;
            let before = |age: u64| Time::from_seconds(clock.seconds().cast_signed()).before(hours(age));
            assert_eq!(retention::prune(&store, before(5), &scene()).await.unwrap(), 0, "{}", database.name);
            let exported = store.verify().await.unwrap().unwrap();
            let gone = retention::prune(&store, before(2), &scene()).await.unwrap();
            assert!((1000..=2100).contains(&gone), "{gone} on {}", database.name);
            holds(std::slice::from_ref(&store)).await;
            assert_eq!(retention::prune(&store, before(2), &scene()).await.unwrap(), 0);
            let chain = store.compare(&exported).await.unwrap().unwrap().remove(0);
            assert_eq!(chain.start.seq, i64::try_from(gone).unwrap());
            assert_eq!(chain.head.seq, exported[0].1.seq + 1, "what was pruned is written down");
            let mut other = exported.clone();
            other[0].1.hash = [0; 32];
            assert!(matches!(store.compare(&other).await.unwrap(), Err(Broken::Other { .. })));
            other[0].1.seq = 1_000_000;
            assert!(matches!(store.compare(&other).await.unwrap(), Err(Broken::RolledBack { .. })));
            fill(&store, &clock, 1).await;
            // A checkpoint is no beginning, and nobody gives rows up but with the key.
            for sql in [
                "DELETE FROM audit WHERE seq <= (SELECT MIN(seq) FROM audit_checkpoints WHERE seq > \
                    (SELECT seq FROM audit_starts))",
                "UPDATE audit_starts SET seq = (SELECT MAX(seq) FROM audit_checkpoints)",
                "UPDATE audit_starts SET (seq, hash, seal) = (SELECT seq, hash, seal FROM audit_checkpoints \
                    ORDER BY seq DESC LIMIT 1)",
                "DELETE FROM audit_starts",
            ] {
                database.tamper(sql).await.unwrap();
                assert!(store.verify().await.unwrap().is_err(), "{sql}");
                let pruned = retention::prune(&store, before(0), &scene()).await;
                assert!(pruned.is_err(), "what does not hold stays: {sql}");
            }
        });
    }
}
