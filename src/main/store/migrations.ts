/** The shape of the database, as the list of steps that made it. Forward only; a released step is never edited. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/**
 * `place` orders alerts by source time in one number: raised_at × 2048 + a tie counter. It is what pages and the
 * full-text index are ordered by, so that every page is a seek. A class is one combination of source, kind,
 * priority and state; a facet is a class of one device. Both carry their number of alerts. Alerts do not refer to them
 * (and messages not to alerts) by foreign key: that is three more look-ups for every alert that comes in.
 */
const first = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE classes (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL, kind TEXT NOT NULL, priority TEXT NOT NULL, state TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 0,
  newest INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, kind, priority, state)
) STRICT;

CREATE TABLE facets (
  id INTEGER PRIMARY KEY,
  class INTEGER NOT NULL REFERENCES classes (id),
  device TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 0,
  newest INTEGER NOT NULL DEFAULT 0,
  UNIQUE (device, class)
) STRICT;

CREATE TABLE alerts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  place INTEGER NOT NULL UNIQUE,
  class INTEGER NOT NULL,
  facet INTEGER NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  priority TEXT NOT NULL,
  state TEXT NOT NULL,
  under TEXT,
  device TEXT NOT NULL,
  device_name TEXT,
  device_group TEXT,
  location TEXT,
  text TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  late INTEGER NOT NULL,
  clock_suspect INTEGER NOT NULL,
  blue TEXT,
  picture TEXT,
  evidence TEXT,
  silenced_at INTEGER,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  ack_delivery TEXT NOT NULL DEFAULT 'none',
  cleared_at INTEGER,
  shelved_until INTEGER,
  disposition TEXT,
  note TEXT,
  duplicates INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT one_per_message UNIQUE (source_id, source, device)
) STRICT;
CREATE INDEX alerts_page_by_class ON alerts (class, place);
CREATE INDEX alerts_page_by_facet ON alerts (facet, place);
CREATE INDEX alerts_shelves ON alerts (shelved_until) WHERE shelved_until IS NOT NULL;
CREATE INDEX alerts_of_picture ON alerts (picture) WHERE picture IS NOT NULL;

CREATE TABLE raws (alert INTEGER PRIMARY KEY, raw TEXT NOT NULL) STRICT;

CREATE TABLE transitions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  alert INTEGER NOT NULL,
  kind TEXT NOT NULL, from_state TEXT, to_state TEXT NOT NULL,
  at INTEGER NOT NULL, by TEXT NOT NULL, note TEXT, until INTEGER, disposition TEXT
) STRICT;
CREATE INDEX transitions_of_alert ON transitions (alert);

CREATE TABLE retired (key BLOB PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE pictures (sha256 TEXT PRIMARY KEY, evidence TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;

CREATE TABLE words (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5 (
  words, content = '', contentless_delete = 1, tokenize = 'ascii', detail = 'none'
);

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  link TEXT NOT NULL, target TEXT NOT NULL, type TEXT NOT NULL, text TEXT NOT NULL,
  alert TEXT,
  body TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  reason TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (link, target, seq) WHERE state = 'waiting';
CREATE INDEX outbox_by_state ON outbox (state, seq);
CREATE INDEX outbox_unsent_of_alert ON outbox (alert) WHERE state <> 'delivered' AND alert IS NOT NULL;

CREATE TABLE timeline (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL, type TEXT NOT NULL, link TEXT, device TEXT, by TEXT, text TEXT NOT NULL
) STRICT;

CREATE TABLE coverage (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL, state TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER
) STRICT;
CREATE UNIQUE INDEX coverage_open ON coverage (source) WHERE to_at IS NULL;
CREATE INDEX coverage_ended ON coverage (to_at) WHERE to_at IS NOT NULL;

CREATE TABLE devices (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE links (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`

/** Alerts counted per span of source time, for the ruler and the operator load: both must stay cheap at a million rows. */
const second = `
CREATE TABLE tallies (
  span INTEGER NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL, priority TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (span, at, source, priority)
) STRICT, WITHOUT ROWID;
CREATE TABLE device_tallies (
  at INTEGER NOT NULL, device TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (at, device)
) STRICT, WITHOUT ROWID;
CREATE TABLE chatter (
  source TEXT NOT NULL, device TEXT NOT NULL, kind TEXT NOT NULL, last_at INTEGER NOT NULL,
  PRIMARY KEY (source, device, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO tallies
  SELECT s.value, (a.raised_at / s.value) * s.value, a.source, a.priority, count(*)
  FROM alerts a, json_each('[10000,60000,300000,3600000]') s GROUP BY 1, 2, 3, 4;
INSERT INTO device_tallies
  SELECT (raised_at / 3600000) * 3600000, device, count(*) FROM alerts WHERE device <> '' GROUP BY 1, 2;
`

/**
 * What detectors say, and rows kept whole. An event stays one row and grows while what it tells goes on. An event class is
 * one combination of link, camera and kind; `event_people` counts a person's events in a class. Both carry the newest time
 * and survive at zero, so that "last ever" outlives a prune. A filter becomes a few of them, and each is an index range by
 * (at, seq). `raw` comes last: a page never has to read past it.
 */
const third = `
CREATE TABLE event_classes (
  id INTEGER PRIMARY KEY,
  link TEXT NOT NULL, camera TEXT NOT NULL, kind TEXT NOT NULL,
  count INTEGER NOT NULL, newest INTEGER NOT NULL, last_at INTEGER NOT NULL,
  UNIQUE (link, camera, kind)
) STRICT;

CREATE TABLE event_people (
  person TEXT NOT NULL, class INTEGER NOT NULL,
  count INTEGER NOT NULL, newest INTEGER NOT NULL, last_at INTEGER NOT NULL,
  PRIMARY KEY (person, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  link TEXT NOT NULL,
  source_id TEXT NOT NULL,
  class INTEGER NOT NULL,
  camera TEXT,
  camera_name TEXT,
  kind TEXT NOT NULL,
  person TEXT,
  confidence REAL,
  box TEXT,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  picture TEXT,
  evidence TEXT,
  picture_at INTEGER,
  raw TEXT,
  CONSTRAINT one_per_source_id UNIQUE (source_id, link)
) STRICT;
CREATE INDEX events_page ON events (at);
CREATE INDEX events_page_by_class ON events (class, at);
CREATE INDEX events_page_by_person ON events (person, at) WHERE person IS NOT NULL;
CREATE INDEX events_page_by_person_in_class ON events (person, class, at) WHERE person IS NOT NULL;
CREATE INDEX events_by_end ON events (last_at);
CREATE INDEX events_of_picture ON events (picture) WHERE picture IS NOT NULL;

CREATE TABLE kept (
  kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
`

/**
 * The people the face engine of this installation knows. Nothing else refers to them: erasing a person is a delete that takes
 * photos and embeddings along, run with secure_delete so that their bytes are overwritten in the file.
 */
const knownFaces = `
CREATE TABLE face_people (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE face_photos (
  id TEXT PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES face_people (id) ON DELETE CASCADE,
  mime TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  event TEXT,
  trouble TEXT NOT NULL DEFAULT '',
  embedding BLOB,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX face_photos_of_person ON face_photos (person);
`

/** Who took a sighting of a face nobody knows off the queue, and when. */
const dismissed = `
ALTER TABLE events ADD COLUMN dismissed_at INTEGER;
ALTER TABLE events ADD COLUMN dismissed_by TEXT;
`

/**
 * What registers of modules were, one row per register and interval. A row is found and dropped by a seek: there are millions of
 * them, and none is worth an index of its own.
 */
const trends = `
CREATE TABLE trend_series (
  id INTEGER PRIMARY KEY,
  module TEXT NOT NULL, register TEXT NOT NULL,
  UNIQUE (module, register)
) STRICT;
CREATE TABLE trends (
  series INTEGER NOT NULL, at INTEGER NOT NULL,
  least REAL NOT NULL, most REAL NOT NULL, last REAL NOT NULL,
  PRIMARY KEY (series, at)
) STRICT, WITHOUT ROWID;
`

export const migrations: readonly Migration[] = [
  { name: 'alerts, outbox, timeline, coverage', sql: first },
  { name: 'tallies', sql: second },
  { name: 'events, kept rows', sql: third },
  { name: 'known faces', sql: knownFaces },
  { name: 'dismissed sightings', sql: dismissed },
  { name: 'trends of registers', sql: trends },
]
