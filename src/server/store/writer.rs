//! The one that writes, one per replica: it takes what waits and commits it together, and answers after the commit. So
//! many decisions share one fsync and one chain, and none is told before it is safe. One that fails takes no other with
//! it: then all of them are done once more, each in a savepoint of its own.

use std::time::Duration;

use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::{
    database::Place,
    desk::{Desk, Settings},
    error::StoreError,
    work::Job,
};

/// Starts the writer. SQLite answers on the thread that asks: there the writer has one of its own.
pub(super) fn start(
    settings: Settings,
    jobs: mpsc::Receiver<Box<dyn Job>>,
    news: watch::Sender<()>,
) -> JoinHandle<()> {
    let blocks = matches!(settings.place, Place::Sqlite(_));
    let writer = write(settings, jobs, news);
    if !blocks {
        return tokio::spawn(writer);
    }
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(writer))
}

/// Writes until nobody can send any more.
async fn write(settings: Settings, mut jobs: mpsc::Receiver<Box<dyn Job>>, news: watch::Sender<()>) {
    let mut bench = Bench::default();
    let mut waiting = Vec::with_capacity(GROUP);
    while jobs.recv_many(&mut waiting, GROUP).await > 0 {
        // In the order of rows: replicas that lock in one order never wait in a circle.
        waiting.sort_by(|one, other| one.row().cmp(other.row()));
        match group(&settings, &mut bench, &mut waiting).await {
            Ok(false) => {}
            Ok(true) => {
                news.send_replace(());
            }
            Err(error) => {
                let text = error.to_string();
                for job in &mut waiting {
                    job.fail(StoreError::Unavailable(text.clone()));
                }
            }
        }
        waiting.drain(..).for_each(Job::answer);
    }
}

/// What stays between two groups.
#[derive(Default)]
struct Bench {
    /// The connection, as long as it works.
    desk: Option<Desk>,
    /// How many groups are still begun with savepoints, since one failed without.
    wary: u8,
}

/// Commits what waits, or nothing of it, and says whether the audit grew. A connection that failed is given up; the next
/// group makes a new one.
async fn group(
    settings: &Settings,
    Bench { desk, wary }: &mut Bench,
    jobs: &mut [Box<dyn Job>],
) -> Result<bool, StoreError> {
    let patience = settings.patience;
    for _ in 0..TRIES {
        let mut open = match desk.take() {
            Some(desk) => desk,
            None => Desk::new(in_time(patience, settings.place.connect(patience)).await?, settings.clone()),
        };
        match in_time(patience, transaction((&mut open, wary), jobs)).await {
            Ok(grown) => {
                *desk = Some(open);
                return Ok(grown);
            }
            // Somebody was faster, or a deadlock was broken up: all of it once more.
            Err(StoreError::Conflict) => {
                if in_time(patience, open.connection.run("ROLLBACK")).await.is_ok() {
                    *desk = Some(open);
                }
            }
            // The connection goes with what it had begun. Whether a commit that failed took place is not known: it is
            // answered as not done, and a code that it accepted is known as replayed.
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Conflict)
}

async fn transaction(
    (desk, wary): (&mut Desk, &mut u8),
    jobs: &mut [Box<dyn Job>],
) -> Result<bool, StoreError> {
    if *wary == 0 {
        if let Some(grown) = together(desk, jobs).await? {
            return Ok(grown);
        }
        desk.connection.run("ROLLBACK").await?;
        *wary = WARY;
    }
    *wary -= 1;
    apart(desk, jobs).await
}

/// All without savepoints, each of which is a journey to the database and a transaction of its own there; `None` when
/// one failed.
async fn together(desk: &mut Desk, jobs: &mut [Box<dyn Job>]) -> Result<Option<bool>, StoreError> {
    let from = desk.begin().await?;
    for job in jobs {
        match job.run(desk).await {
            Ok(()) => {}
            Err(error) if error.ends_the_group() => return Err(error),
            Err(_) => return Ok(None),
        }
    }
    desk.commit(from).await?;
    Ok(Some(desk.head != from))
}

/// Each in a savepoint, which is taken back when it fails.
async fn apart(desk: &mut Desk, jobs: &mut [Box<dyn Job>]) -> Result<bool, StoreError> {
    let from = desk.begin().await?;
    let mut next = "SAVEPOINT decision";
    for job in jobs {
        let mark = desk.head;
        desk.connection.run(next).await?;
        match job.run(desk).await {
            Ok(()) => next = "RELEASE SAVEPOINT decision; SAVEPOINT decision",
            Err(error) if error.ends_the_group() => return Err(error),
            Err(error) => {
                next = "ROLLBACK TO SAVEPOINT decision";
                desk.head = mark;
                job.fail(error);
            }
        }
    }
    // A savepoint that was not done is taken back; the last one that was done is committed with all.
    if next.starts_with("ROLLBACK") {
        desk.connection.run(next).await?;
    }
    desk.commit(from).await?;
    Ok(desk.head != from)
}

/// A database that does not answer is one that is not there.
async fn in_time<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let late = |_| StoreError::Unavailable("it does not answer".into());
    tokio::time::timeout(patience, work).await.map_err(late)?
}

/// How many decisions share a commit.
const GROUP: usize = 128;
/// How often a group begins anew when another replica was in its way.
const TRIES: usize = 8;
/// How many groups are careful after one that failed: whoever makes decisions fail does not double the work of all.
const WARY: u8 = 32;
