//! A small HTTP/1.1 client of our own: connections that stay open, answers to the byte, and bytes that no client sends.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

/// What was answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::new(stream), address })
    }

    /// Asks, with a token where there is one, and reads the answer.
    pub(crate) fn ask(
        &mut self,
        (method, path): (&str, &str),
        token: &str,
        body: &str,
    ) -> io::Result<Answer> {
        let who = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        let what = match body.len() {
            0 => String::new(),
            length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        let text = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{who}{what}\r\n{body}", self.address);
        self.send(text.as_bytes())?;
        self.answer()
    }

    pub(crate) fn post(&mut self, path: &str, token: &str, body: &str) -> io::Result<Answer> {
        self.ask(("POST", path), token, body)
    }

    pub(crate) fn get(&mut self, path: &str, token: &str) -> io::Result<Answer> {
        self.ask(("GET", path), token, "")
    }

    /// Sends whatever it is.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Reads one answer.
    pub(crate) fn answer(&mut self) -> io::Result<Answer> {
        let mut answer = Answer::default();
        let status = self.line()?;
        answer.status = status.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            answer.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = answer.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }

    /// Whether the other side has closed, and had nothing more to say.
    pub(crate) fn is_closed(&mut self) -> bool {
        matches!(self.stream.read(&mut [0; 1]), Ok(0) | Err(_))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
    }

    /// The id of the request, which stands in its row of the audit.
    pub(crate) fn request(&self) -> &str {
        self.header("x-request-id").unwrap_or_default()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Everything of it but the time and the id.
    pub(crate) fn bytes(&self) -> String {
        let kept = |name: &str| name != "date" && name != "x-request-id";
        let headers: Vec<_> = self.headers.iter().filter(|header| kept(&header.0)).collect();
        let body = match self.request() {
            "" => self.body.clone(),
            id => self.body.replace(id, "ID"),
        };
        format!("{} {headers:?} {body}", self.status)
    }
}

const PATIENCE: Duration = Duration::from_mins(1);
