-- Every statement about credentials, all of the key file. `-- name: what it is for` begins one.

-- token_of: who is called so
SELECT token FROM account WHERE platform = ? AND id = ?;

-- add_staff: somebody may come in, once they have a password or a passkey
INSERT OR IGNORE INTO staff (token, handle, shown) VALUES (?, ?, ?);

-- staff: one of the people there are
SELECT token, handle, shown, password, lang, theme FROM staff WHERE token = ?;

-- staff_tokens: all of them
SELECT token FROM staff;

-- staff_by_handle: whose a passkey is
SELECT token FROM staff WHERE handle = ?;

-- set_password: another password, or none
UPDATE staff SET password = :password WHERE token = :token;

-- rehash: the same password under today's parameters, unless it was changed meanwhile
UPDATE staff SET password = :new WHERE token = :token AND password = :old;

-- set_look: language and theme of their pages
UPDATE staff SET lang = :lang, theme = :theme WHERE token = :token;

-- forget_staff: nobody comes in by this account any more
DELETE FROM staff WHERE token = ?;

-- add_passkey: one more way in
INSERT INTO passkey (id, token, key, count, name, made) VALUES (?, ?, ?, ?, ?, ?);

-- passkey: one by its id
SELECT id, token, key, count, name, made, used FROM passkey WHERE id = ?;

-- passkeys: those of one person
SELECT id, token, key, count, name, made, used FROM passkey WHERE token = ? ORDER BY made, id;

-- use_passkey: it was used; changes nothing where another use came first
UPDATE passkey SET count = :count, used = :now WHERE id = :id AND count = :before;

-- drop_passkey: one of a person's
DELETE FROM passkey WHERE id = ? AND token = ?;

-- forget_passkeys: all of a person's
DELETE FROM passkey WHERE token = ?;

-- add_session: somebody came in
INSERT INTO session (id, digest, token, begun, seen, proven, how, browser)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- session: by the digest of its token
SELECT id, token, begun, seen, proven, how, browser FROM session WHERE digest = ?;

-- sessions: those of one person, the latest first
SELECT id, token, begun, seen, proven, how, browser FROM session WHERE token = ?
ORDER BY seen DESC, begun DESC, id;

-- touch: a session is in use
UPDATE session SET seen = :now WHERE id = :id AND seen < :now;

-- prove: its person has shown again who they are
UPDATE session SET proven = :now WHERE id = :id;

-- end_session: one of a person's
DELETE FROM session WHERE id = ? AND token = ?;

-- end_sessions: all of a person's but one
DELETE FROM session WHERE token = ? AND id <> ?;

-- end_old_sessions: what has ended by itself
DELETE FROM session WHERE seen <= :idle OR begun <= :absolute;

-- session_tokens: who is in
SELECT DISTINCT token FROM session;

-- add_link: one a person, the latest
INSERT OR REPLACE INTO link (token, digest, ends) VALUES (?, ?, ?);

-- link: whose it is
SELECT token, ends FROM link WHERE digest = ?;

-- link_of: until when somebody's link opens anything
SELECT ends FROM link WHERE token = ?;

-- use_link: it is used, once
DELETE FROM link WHERE digest = :digest AND token = :token AND ends > :now;

-- forget_link: it opens nothing any more
DELETE FROM link WHERE token = ?;

-- end_old_links: what has ended by itself
DELETE FROM link WHERE ends <= ?;

-- link_tokens: for whom there is a link
SELECT token FROM link;

-- care: how somebody's pages spare them
SELECT blur, grey, pause FROM care WHERE token = ?;

-- set_care: the same, kept
INSERT OR REPLACE INTO care (token, blur, grey, pause) VALUES (?, ?, ?, ?);

-- spared: what somebody would rather not be shown
SELECT harm FROM spared WHERE token = ? ORDER BY harm;

-- spare: one more harm
INSERT OR IGNORE INTO spared (token, harm) VALUES (?, ?);

-- spare_nothing: all is shown again
DELETE FROM spared WHERE token = ?;

-- exposure: what was put before somebody since an hour, by harm
SELECT harm, sum(count) FROM exposure WHERE token = ? AND hour >= ? GROUP BY harm ORDER BY harm;

-- forget_care: nothing is kept of how somebody was spared
DELETE FROM care WHERE token = ?;

-- forget_exposure: nor of what was put before them
DELETE FROM exposure WHERE token = ?;

-- cared_for: of whom anything of this is kept
SELECT token FROM care UNION SELECT token FROM spared UNION SELECT token FROM exposure
UNION SELECT token FROM shortcut;

-- drop_exposure: what is past counting
DELETE FROM exposure WHERE hour < ?;

-- openid: who a provider calls so
SELECT token FROM openid WHERE issuer = ? AND subject = ?;

-- openid_of: what a provider calls somebody
SELECT issuer, subject, bound FROM openid WHERE token = ?;

-- bind_openid: in place of what they were called before; changes nothing where it is somebody else
INSERT INTO openid (token, issuer, subject, bound) VALUES (:token, :issuer, :subject, :now)
ON CONFLICT (token) DO UPDATE SET issuer = :issuer, subject = :subject, bound = :now;

-- forget_openid: they come in so no more
DELETE FROM openid WHERE token = ?;

-- session_of: one by its id
SELECT id, token, begun, seen, proven, how, browser FROM session WHERE id = ?;

-- shortcuts: which keys of the console somebody has changed
SELECT name, key FROM shortcut WHERE token = ?;

-- set_shortcut: another key, or none
INSERT INTO shortcut (token, name, key) VALUES (?, ?, ?);

-- forget_shortcuts: their keys are as at first
DELETE FROM shortcut WHERE token = ?;
