//! How large the head of a reply may be: what gateways, single sign-on and debugging proxies add is taken in whole.

use hyper_util::client::legacy::Builder;

/// All names and values together. A connection over HTTP/1 has one buffer for heads and for what it reads ahead of a
/// body, so this bounds both.
pub(super) const BYTES: usize = 256 << 10;

/// Headers.
pub(super) const COUNT: usize = 500;

/// HTTP/2 counts 32 bytes more for each of them.
const LIST: u32 = (BYTES + 32 * COUNT) as u32;

/// Let a client take in heads of this size.
pub fn with_large_heads(client: &mut Builder) -> &mut Builder {
    client.http1_max_buf_size(BYTES).http1_max_headers(COUNT).http2_max_header_list_size(LIST)
}
