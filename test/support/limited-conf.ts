/** An nginx config that lets four connections of a client in. */
export const limitedConf = `events {}
http {
  limit_conn_zone $binary_remote_addr zone=each:1m;
  server {
    listen 80;
    location / {
      limit_conn each 4;
      proxy_pass http://127.0.0.1:9;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }
  }
}`;
