//! The frame around every handler.
//!
//! What the HTTP library itself refuses, a path that is no text or a query that is none, is said as everything else.
//!
//! A request says where it ends by `Content-Length` alone. The HTTP library takes `Content-Length` away where
//! `Transfer-Encoding` stands beside it, so that the two cannot be told apart here from `Transfer-Encoding` alone; a
//! proxy that believes the other one of the two would see another request. What is sent here is short and of known
//! length: nobody needs chunks.

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::refusal::Refusal;

/// Refuses what says its length in chunks, and ends the connection.
pub(super) async fn whole(request: Request, next: Next) -> Response {
    if !request.headers().contains_key(header::TRANSFER_ENCODING) {
        return next.run(request).await;
    }
    let detail = "a request says its length with Content-Length: Transfer-Encoding is not taken here";
    let mut response = Refusal::unreadable(detail).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Says in our words what an extractor of the library refused in its own.
pub(super) async fn ours(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let foreign = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !foreign || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Refusal::nowhere(status),
        status if status.is_server_error() => Refusal::unavailable(),
        _ => Refusal::unreadable("the path or the query of the request cannot be read"),
    }
    .into_response()
}
