//! Key packages in XML (RFC 6030), as makers deliver tokens and `ykman` writes them.
//!
//! Secrets may be plain, or sealed under a password (PBKDF2) or a key that was agreed on, with AES in CBC mode and a
//! tag. Signatures are not checked: whoever can change the file can sign it as somebody else.

pub use super::sealed::Lock;
use super::{
    MAX_TOKENS, Token, TokenError, Unusable,
    sealed::{Bytes, Sealed, base64, lock},
    xml::{Node, each_child},
};
use crate::otp::{Algorithm, Counter, Digits, Kind, Otp, Period, Secret};

/// A container as it was read: its packages, and how they are locked.
pub struct Container {
    /// `None`: every secret is plain.
    pub lock: Option<Lock>,
    tag_method: Option<Node>,
    packages: Vec<Node>,
}

impl Container {
    /// Reads a container; nothing is opened yet.
    ///
    /// # Errors
    /// [`TokenError::Broken`], [`TokenError::Cipher`], [`TokenError::TooMany`], [`TokenError::TooMuchWork`].
    pub fn read(text: &str) -> Result<Self, TokenError> {
        let mut own = Self { lock: None, tag_method: None, packages: Vec::new() };
        each_child(text, "KeyContainer", &mut |node| {
            match node.name() {
                "EncryptionKey" => own.lock = Some(lock(&node)?),
                "MACMethod" => own.tag_method = Some(node),
                "KeyPackage" if own.packages.len() == MAX_TOKENS => return Err(TokenError::TooMany),
                "KeyPackage" => own.packages.push(node),
                _ => {}
            }
            Ok(())
        })?;
        Ok(own)
    }

    /// The tokens; `typed` is the password, or the key in hex, base64 or as it stands.
    ///
    /// # Errors
    /// [`TokenError::WrongKey`] when it is another, [`TokenError::Cipher`].
    pub fn tokens(&self, typed: Option<&str>) -> Result<Vec<Token>, TokenError> {
        let mut keys = vec![None];
        if let (Some(lock), Some(typed)) = (&self.lock, typed) {
            keys = lock.keys(typed).into_iter().map(Some).collect();
        }
        for key in keys {
            let key = key.as_ref();
            match self.tag_key(key).and_then(|tag_key| self.opened(key, tag_key.as_ref())) {
                Err(TokenError::WrongKey) => {}
                other => return other,
            }
        }
        Err(TokenError::WrongKey)
    }

    /// The key of the tags is sealed itself; where there is none the key itself makes the tags.
    fn tag_key(&self, key: Option<&Bytes>) -> Result<Option<Bytes>, TokenError> {
        let Some(key) = key else { return Ok(None) };
        match self.tag_method.as_ref().and_then(|method| method.find(&["MACKey"])) {
            None => Ok(Some(key.clone())),
            Some(node) => {
                let sealed = Sealed::read(node).ok_or(TokenError::Broken)?;
                sealed.open(key)?.map(Some).ok_or(TokenError::WrongKey)
            }
        }
    }

    /// A key that opens none of the sealed secrets is another one.
    fn opened(&self, key: Option<&Bytes>, tag_key: Option<&Bytes>) -> Result<Vec<Token>, TokenError> {
        let (mut any, mut changed) = (false, false);
        let mut tokens = Vec::with_capacity(self.packages.len());
        for (at, package) in (1..).zip(&self.packages) {
            let secret = self.secret(package, key.zip(tag_key))?;
            changed |= matches!(secret, Err(Unusable::Changed));
            any |= secret.is_ok();
            tokens.push(token(at, package, secret));
        }
        if changed && !any { Err(TokenError::WrongKey) } else { Ok(tokens) }
    }

    fn secret(
        &self,
        package: &Node,
        keys: Option<(&Bytes, &Bytes)>,
    ) -> Result<Result<Bytes, Unusable>, TokenError> {
        let Some(node) = package.find(&["Key", "Data", "Secret"]) else { return Ok(Err(Unusable::NoSecret)) };
        if node.find(&["PlainValue"]).is_some() {
            return Ok(base64(node.text(&["PlainValue"])).ok_or(Unusable::NoSecret));
        }
        let sealed = node.find(&["EncryptedValue"]).and_then(Sealed::read);
        let (Some(sealed), Some((key, tag_key))) = (sealed, keys) else { return Ok(Err(Unusable::NoSecret)) };
        if let (Some(method), Some(tag)) = (&self.tag_method, node.find(&["ValueMAC"]))
            && !sealed.fits(method.attribute("Algorithm"), tag_key, tag.text(&[]))?
        {
            return Ok(Err(Unusable::Changed));
        }
        Ok(sealed.open(key)?.ok_or(Unusable::Changed))
    }
}

fn token(at: usize, package: &Node, secret: Result<Bytes, Unusable>) -> Token {
    let user = [package.text(&["Key", "UserId"]), package.text(&["DeviceInfo", "UserId"])];
    let user = user.into_iter().find(|user| !user.is_empty()).unwrap_or_default();
    Token {
        at,
        serial: package.text(&["DeviceInfo", "SerialNo"]).to_owned(),
        manufacturer: package.text(&["DeviceInfo", "Manufacturer"]).to_owned(),
        issuer: package.text(&["Key", "Issuer"]).to_owned(),
        user: name_in(user).to_owned(),
        otp: secret.and_then(|secret| otp(package, &secret)),
    }
}

/// A user is named as in a directory: `UID=alice` alone, or more of it, which stays.
fn name_in(user: &str) -> &str {
    match user.split_once('=') {
        Some((key, value))
            if ["uid", "cn"].contains(&key.to_ascii_lowercase().as_str()) && !value.contains('=') =>
        {
            value
        }
        _ => user,
    }
}

fn otp(package: &Node, secret: &[u8]) -> Result<Otp, Unusable> {
    let key = package.find(&["Key"]).ok_or(Unusable::Kind)?;
    let value = |name| Some(key.text(&["Data", name, "PlainValue"])).filter(|text| !text.is_empty());
    let kind = match key.attribute("Algorithm").rsplit([':', '#']).next().unwrap_or_default() {
        "totp" => {
            Kind::Totp { period: value("TimeInterval").map_or(Ok(Period::default()), str::parse::<Period>)? }
        }
        "hotp" => {
            Kind::Hotp { counter: value("Counter").map_or(Ok(Counter::default()), str::parse::<Counter>)? }
        }
        _ => return Err(Unusable::Kind),
    };
    let mut otp = Otp::new(kind, Secret::new(secret.to_vec())?);
    if let Some(format) = key.find(&["AlgorithmParameters", "ResponseFormat"]) {
        if !matches!(format.attribute("Encoding"), "" | "DECIMAL") {
            return Err(Unusable::Kind);
        }
        if !format.attribute("Length").is_empty() {
            otp.digits = format.attribute("Length").parse::<Digits>()?;
        }
    }
    let suite = key.text(&["AlgorithmParameters", "Suite"]);
    if !suite.is_empty() {
        otp.algorithm = suite.rsplit('#').next().unwrap_or_default().parse::<Algorithm>()?;
    }
    Ok(otp)
}
