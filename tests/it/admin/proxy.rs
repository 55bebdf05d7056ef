//! A proxy between sesam and a server: it writes down every request, and makes the faults that are wanted.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sesam::clock::{Clock, SystemClock};

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) path: String,
    /// The whole head.
    pub(super) head: String,
}

/// What becomes of a request.
pub(super) enum Turn {
    /// It is passed on, and so is its answer.
    Pass,
    /// It is passed on; so many bytes of its answer come back.
    Cut(usize),
    /// It is passed on; its answer never comes back.
    Swallow,
    /// It is answered so, and passed on to nobody.
    Say(Vec<u8>),
    /// The same, byte by byte, and then nothing for ever.
    Drip(Vec<u8>),
    /// The same, and then its last byte for ever.
    Endless(Vec<u8>),
    /// Another request is sent first; then it is passed on.
    After(Box<dyn FnOnce() + Send>),
    /// It is passed on; then something else happens, and its answer never comes back.
    Then(Box<dyn FnOnce() + Send>),
}

type Judge = dyn Fn(&Seen) -> Turn + Send + Sync;

/// It listens until the test ends.
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    secure: bool,
    seen: Arc<Mutex<Vec<Seen>>>,
}

struct Rules {
    upstream: Option<SocketAddr>,
    judge: Box<Judge>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Proxy {
    /// In front of a server, or of none.
    pub(super) fn open(
        upstream: Option<SocketAddr>,
        judge: impl Fn(&Seen) -> Turn + Send + Sync + 'static,
    ) -> Self {
        Self::over(None, upstream, judge)
    }

    /// With TLS.
    pub(super) fn secure(
        tls: Arc<ServerConfig>,
        judge: impl Fn(&Seen) -> Turn + Send + Sync + 'static,
    ) -> Self {
        Self::over(Some(tls), None, judge)
    }

    fn over(
        tls: Option<Arc<ServerConfig>>,
        upstream: Option<SocketAddr>,
        judge: impl Fn(&Seen) -> Turn + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, seen) = (listener.local_addr().unwrap(), Arc::default());
        let rules = Arc::new(Rules { upstream, judge: Box::new(judge), seen: Arc::clone(&seen) });
        let secure = tls.is_some();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (rules, tls) = (Arc::clone(&rules), tls.clone());
                thread::spawn(move || match tls {
                    None => rules.serve(stream),
                    Some(tls) => rules.serve(StreamOwned::new(ServerConnection::new(tls).unwrap(), stream)),
                });
            }
        });
        Self { address, secure, seen }
    }

    pub(super) fn url(&self) -> String {
        format!("{}://{}", if self.secure { "https" } else { "http" }, self.address)
    }

    /// Every request so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Those that may change something.
    pub(super) fn changes(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.method != "GET").collect()
    }
}

impl Rules {
    /// One request of a connection, which ends with it.
    fn serve(&self, mut stream: impl Read + Write) {
        let Some((seen, bytes)) = request(&mut stream) else { return };
        let turn = (self.judge)(&seen);
        self.seen.lock().unwrap().push(seen);
        // Who gave up reading is no fault of the proxy.
        let _ = match turn {
            Turn::Pass => self.answer(&bytes).and_then(|answer| stream.write_all(&answer)),
            Turn::After(first) => {
                first();
                self.answer(&bytes).and_then(|answer| stream.write_all(&answer))
            }
            Turn::Then(last) => self.answer(&bytes).map(|_| last()),
            Turn::Cut(most) => {
                self.answer(&bytes).and_then(|answer| stream.write_all(&answer[..most.min(answer.len())]))
            }
            Turn::Swallow => self.answer(&bytes).and_then(|_| rest(&mut stream)),
            Turn::Say(answer) => stream.write_all(&answer),
            Turn::Drip(answer) => drip(&mut stream, &answer).and_then(|()| rest(&mut stream)),
            Turn::Endless(answer) => endless(&mut stream, &answer),
        };
        let _ = stream.flush();
    }

    /// What the server says.
    fn answer(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut upstream = TcpStream::connect(self.upstream.expect("there is a server"))?;
        upstream.write_all(request)?;
        let mut answer = Vec::new();
        upstream.read_to_end(&mut answer)?;
        let _ = upstream.shutdown(Shutdown::Both);
        Ok(answer)
    }
}

/// Until the other one goes.
fn rest(stream: &mut impl Read) -> std::io::Result<()> {
    stream.read_to_end(&mut Vec::new()).map(|_| ())
}

fn drip(stream: &mut impl Write, bytes: &[u8]) -> std::io::Result<()> {
    for byte in bytes {
        stream.write_all(&[*byte])?;
        stream.flush()?;
        SystemClock.pause(Duration::from_millis(5));
    }
    Ok(())
}

fn endless(stream: &mut impl Write, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes)?;
    let more = vec![*bytes.last().expect("something"); 64 * 1024];
    loop {
        stream.write_all(&more)?;
    }
}

/// A whole request, and its bytes with a word that ends the connection after it.
fn request(stream: &mut impl Read) -> Option<(Seen, Vec<u8>)> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    while bytes.len() < end + length.unwrap_or(0) {
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
    let mut words = head.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut whole = format!("{}\r\nConnection: close\r\n\r\n", head.trim_end()).into_bytes();
    whole.extend_from_slice(&bytes[end..]);
    Some((Seen { method, path, head }, whole))
}

/// An answer with a body, that ends the connection.
pub(super) fn answer(status: &str, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// An answer in JSON.
pub(super) fn json(body: &serde_json::Value) -> Vec<u8> {
    answer("200 OK", "application/json", &body.to_string())
}

/// A refusal as sesamd says it.
pub(super) fn problem(status: &str, kind: &str, detail: &str) -> Vec<u8> {
    let body = serde_json::json!({"type": format!("urn:sesamd:problem:{kind}"), "title": "x", "status": 400,
        "detail": detail, "instance": "i"});
    answer(status, "application/problem+json", &body.to_string())
}
