/**
 * nginx's own directives that take numbers, switches or words out of a list: any other word nginx itself refuses, and
 * looks nothing up for it. Read from the program (1.31) and its documentation.
 */

const names = new Set(
  `accept_mutex autoindex autoindex_exact_size autoindex_localtime break chunked_transfer_encoding
client_body_buffer_size client_body_in_single_buffer client_body_timeout client_header_buffer_size
client_header_timeout connection_pool_size directio directio_alignment gzip
gzip_buffers gzip_comp_level gzip_hash gzip_http_version gzip_min_length gzip_no_buffer gzip_vary
gzip_window http2 http2_body_preread_size http2_chunk_size http2_idle_timeout http2_max_concurrent_pushes
http2_max_concurrent_streams http2_max_field_size http2_max_header_size http2_max_requests http2_pool_size
http2_push_preload http2_recv_buffer_size http2_recv_timeout http2_streams_index_size http3
ignore_invalid_headers internal ip_hash keepalive_min_timeout keepalive_requests keepalive_time
large_client_header_buffers limit_conn_dry_run limit_conn_status limit_rate_after limit_req_dry_run
limit_req_status lingering_time lingering_timeout log_not_found map_hash_bucket_size map_hash_max_size
max_headers max_ranges merge_slashes mirror_request_body msie_refresh multi_accept
open_file_cache open_file_cache_errors open_file_cache_events open_file_cache_min_uses open_file_cache_valid
open_log_file_cache output_buffers pcre_jit port_in_redirect postpone_gzipping postpone_output read_ahead
real_ip_recursive recursive_error_pages referer_hash_bucket_size request_pool_size reset_timedout_connection
resolver_timeout rewrite_log send_lowat send_timeout sendfile sendfile_max_chunk server_name_in_redirect
server_names_hash_bucket_size server_names_hash_max_size ssi ssi_ignore_recycled_buffers ssi_last_modified
ssi_min_file_chunk ssi_silent_errors ssi_value_length ssl ssl_buffer_size ssl_certificate_compression
ssl_early_data ssl_object_cache_inheritable ssl_ocsp_cache
ssl_prefer_server_ciphers ssl_reject_handshake ssl_session_tickets ssl_session_timeout ssl_verify_depth
subrequest_output_buffer_size tcp_nodelay tcp_nopush timer_resolution types_hash_bucket_size
types_hash_max_size underscores_in_headers uninitialized_variable_warn userid_service
variables_hash_bucket_size variables_hash_max_size worker_aio_requests worker_connections
worker_processes worker_rlimit_nofile worker_shutdown_timeout`.split(/\s+/),
);

/** Of the modules that pass requests on, behind `proxy_` and its like. */
const endings = new Set(
  `buffer_size buffering buffers busy_buffers_size cache_background_update cache_convert_head cache_lock
cache_lock_age cache_lock_timeout cache_max_range_offset cache_min_uses cache_revalidate connect_timeout
force_ranges gzip_flag headers_hash_bucket_size headers_hash_max_size http_version ignore_client_abort
intercept_errors keep_conn limit_rate max_temp_file_size modifier1 modifier2 next_upstream_timeout
next_upstream_tries pass_request_body pass_request_headers pass_trailers read_timeout request_buffering
send_lowat send_timeout socket_keepalive socket_rcvbuf socket_sndbuf ssl_server_name ssl_session_reuse
ssl_verify ssl_verify_depth string temp_file_write_size`.split(/\s+/),
);

const passing = /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_/;

export function isNginxsOwn(name: string): boolean {
  return names.has(name) || (passing.test(name) && endings.has(name.replace(passing, "")));
}
