CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
--
CREATE TABLE approval_rounds (
	plan_id VARCHAR NOT NULL, 
	is_open INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (plan_id)
);
--
CREATE TABLE approvals (
	approval_id VARCHAR NOT NULL, 
	plan_id VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	by_id VARCHAR NOT NULL, 
	given_at VARCHAR NOT NULL, 
	expires_at VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (approval_id), 
	UNIQUE (plan_id)
);
--
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	detail TEXT NOT NULL, 
	deployment_id VARCHAR, 
	plan_id VARCHAR, 
	conversation VARCHAR, 
	previous VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	issuer VARCHAR, 
	who_id VARCHAR, 
	"before" TEXT, 
	"after" TEXT, 
	mark VARCHAR, 
	PRIMARY KEY (seq), 
	UNIQUE (hash)
);
--
CREATE TABLE audit_head (
	id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	hash VARCHAR NOT NULL, 
	mark VARCHAR, 
	PRIMARY KEY (id)
);
--
CREATE TABLE bill_days (
	day VARCHAR NOT NULL, 
	deployment_id VARCHAR NOT NULL, 
	currency VARCHAR NOT NULL, 
	micros BIGINT NOT NULL, 
	PRIMARY KEY (day, deployment_id, currency)
);
--
CREATE TABLE bill_readings (
	name VARCHAR NOT NULL, 
	read_at VARCHAR, 
	tried_at VARCHAR, 
	not_before VARCHAR, 
	problem TEXT NOT NULL, 
	PRIMARY KEY (name)
);
--
CREATE TABLE chats (
	conversation VARCHAR NOT NULL, 
	platform VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	is_personal INTEGER NOT NULL, 
	is_private INTEGER NOT NULL, 
	is_gone INTEGER NOT NULL, 
	cursor INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	who TEXT NOT NULL, 
	address TEXT NOT NULL, 
	PRIMARY KEY (conversation)
);
--
CREATE TABLE consents (
	plan_id VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (plan_id, person), 
	FOREIGN KEY(plan_id) REFERENCES plans (plan_id)
);
--
CREATE TABLE conversation_events (
	conversation VARCHAR NOT NULL, 
	seq INTEGER NOT NULL, 
	turn INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (conversation, seq), 
	FOREIGN KEY(conversation) REFERENCES conversations (id)
);
--
CREATE TABLE conversations (
	id VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	updated_at VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	deleted_at VARCHAR, 
	PRIMARY KEY (id)
);
--
CREATE TABLE deployments (
	number INTEGER NOT NULL, 
	deployment_id VARCHAR NOT NULL, 
	workspace_name VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	conversation VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	environment VARCHAR NOT NULL, 
	expires_on VARCHAR, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (deployment_id)
);
--
CREATE TABLE feedback (
	conversation VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	person VARCHAR NOT NULL, 
	verdict VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (conversation, turn, person)
);
--
CREATE TABLE identities (
	person VARCHAR NOT NULL, 
	mark VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (person, mark)
);
--
CREATE TABLE leases (
	name VARCHAR NOT NULL, 
	holder VARCHAR NOT NULL, 
	until VARCHAR NOT NULL, 
	PRIMARY KEY (name)
);
--
CREATE TABLE links (
	code_hash VARCHAR NOT NULL, 
	person TEXT NOT NULL, 
	until VARCHAR NOT NULL, 
	used_at VARCHAR, 
	PRIMARY KEY (code_hash)
);
--
CREATE TABLE news (
	number INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	is_carried INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE ("key")
);
--
CREATE TABLE news_told (
	number INTEGER NOT NULL, 
	person VARCHAR NOT NULL, 
	PRIMARY KEY (number, person), 
	FOREIGN KEY(number) REFERENCES news (number)
);
--
CREATE TABLE notices (
	deployment_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	about VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (deployment_id, kind, about)
);
--
CREATE TABLE notify_choices (
	person VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY (person, kind)
);
--
CREATE TABLE outgoing (
	number INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	platform VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	plan_id VARCHAR, 
	conversation VARCHAR, 
	person_id VARCHAR, 
	address TEXT NOT NULL, 
	card TEXT NOT NULL, 
	shows TEXT, 
	version INTEGER NOT NULL, 
	sent INTEGER NOT NULL, 
	is_due INTEGER NOT NULL, 
	due_at VARCHAR NOT NULL, 
	priority INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	message_id VARCHAR, 
	is_final INTEGER NOT NULL, 
	failure VARCHAR, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE ("key")
);
--
CREATE TABLE plan_items (
	plan_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	deployment_id VARCHAR NOT NULL, 
	part TEXT NOT NULL, 
	item TEXT, 
	PRIMARY KEY (plan_id, position), 
	FOREIGN KEY(plan_id) REFERENCES plans (plan_id)
);
--
CREATE TABLE plans (
	plan_id VARCHAR NOT NULL, 
	conversation VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	requested_by TEXT NOT NULL, 
	expires_at VARCHAR, 
	document TEXT, 
	PRIMARY KEY (plan_id)
);
--
CREATE TABLE price_lists (
	region VARCHAR NOT NULL, 
	currency VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	read_at VARCHAR, 
	tried_at VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (region, currency)
);
--
CREATE TABLE received (
	conversation VARCHAR NOT NULL, 
	client_id VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	is_answered INTEGER NOT NULL, 
	document TEXT NOT NULL, 
	beginnings INTEGER DEFAULT '0' NOT NULL, 
	place TEXT, 
	PRIMARY KEY (conversation, client_id)
);
--
CREATE TABLE requests (
	plan_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	conversation VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (plan_id, position)
);
--
CREATE TABLE run_events (
	run_id VARCHAR NOT NULL, 
	line_no INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (run_id, line_no), 
	FOREIGN KEY(run_id) REFERENCES runs (run_id)
);
--
CREATE TABLE runs (
	run_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	plan_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	deployment_id VARCHAR NOT NULL, 
	conversation VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	cancel_requested INTEGER NOT NULL, 
	executor VARCHAR, 
	started_at VARCHAR, 
	ended_at VARCHAR, 
	notes TEXT, 
	outcome TEXT, 
	PRIMARY KEY (run_id)
);
--
CREATE TABLE sessions (
	mark VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	expires_at VARCHAR NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (mark)
);
--
CREATE TABLE showings (
	plan_id VARCHAR NOT NULL, 
	conversation VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (plan_id, conversation)
);
--
INSERT INTO "alembic_version" VALUES('0013');
--
INSERT INTO "audit_head" VALUES(1,0,'0000000000000000000000000000000000000000000000000000000000000000',NULL);
--
CREATE INDEX audit_by_deployment ON audit (deployment_id, seq);
--
CREATE INDEX chats_by_place ON chats (platform, place);
--
CREATE INDEX deployments_by_status ON deployments (status, workspace_name);
--
CREATE INDEX identities_by_mark ON identities (mark);
--
CREATE INDEX ix_approval_rounds_is_open ON approval_rounds (is_open);
--
CREATE INDEX ix_chats_person ON chats (person);
--
CREATE INDEX ix_conversations_owner ON conversations (owner);
--
CREATE INDEX ix_conversations_updated_at ON conversations (updated_at);
--
CREATE INDEX ix_deployments_conversation ON deployments (conversation);
--
CREATE INDEX ix_deployments_expires_on ON deployments (expires_on);
--
CREATE INDEX ix_deployments_person ON deployments (person);
--
CREATE INDEX ix_deployments_status ON deployments (status);
--
CREATE INDEX ix_deployments_workspace_name ON deployments (workspace_name);
--
CREATE INDEX ix_news_is_carried ON news (is_carried);
--
CREATE INDEX ix_news_person ON news (person);
--
CREATE INDEX ix_outgoing_conversation ON outgoing (conversation);
--
CREATE INDEX ix_outgoing_is_due ON outgoing (is_due);
--
CREATE INDEX ix_outgoing_place ON outgoing (place);
--
CREATE INDEX ix_outgoing_plan_id ON outgoing (plan_id);
--
CREATE INDEX ix_plans_conversation ON plans (conversation);
--
CREATE INDEX ix_plans_expires_at ON plans (expires_at);
--
CREATE INDEX ix_plans_status ON plans (status);
--
CREATE INDEX ix_received_at ON received (at);
--
CREATE INDEX ix_requests_conversation ON requests (conversation);
--
CREATE INDEX ix_runs_conversation ON runs (conversation);
--
CREATE INDEX ix_runs_deployment_id ON runs (deployment_id);
--
CREATE INDEX ix_runs_ended_at ON runs (ended_at);
--
CREATE INDEX ix_runs_plan_id ON runs (plan_id);
--
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
--
CREATE INDEX ix_sessions_person ON sessions (person);
--
CREATE TRIGGER audit_no_delete before delete on audit
begin select raise(abort, 'the audit is append-only'); end;
--
CREATE TRIGGER audit_no_update before update on audit
begin select raise(abort, 'the audit is append-only'); end;
