-- The status chain is evidence of who was where and when: the running server adds to it and reads it, nothing else.
revoke update, delete, truncate on unit_status_change from xunfang_app;
