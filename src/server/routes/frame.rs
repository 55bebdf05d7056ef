//! How a request says where it ends: by `Content-Length` alone. The HTTP library takes `Content-Length` away where
//! `Transfer-Encoding` stands beside it, so that the two cannot be told apart here from `Transfer-Encoding` alone; a
//! proxy that believes the other one of the two would see another request. What is sent here is short and of known
//! length: nobody needs chunks.

use axum::{
    extract::Request,
    http::{HeaderValue, header},
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
