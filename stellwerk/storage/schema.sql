-- Made from the migrations by `python -m tests.storage.schema_dump`; a test
-- holds them equal. A fresh database is made from this.

CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE calls (
	uid VARCHAR NOT NULL, 
	run_uid VARCHAR NOT NULL, 
	content_key VARCHAR NOT NULL, 
	question VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	ask INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	provider VARCHAR NOT NULL, 
	base_url VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	prompt VARCHAR NOT NULL, 
	template_hash VARCHAR NOT NULL, 
	schema_hash VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	parameters TEXT NOT NULL, 
	reserved_tokens INTEGER NOT NULL, 
	reserved_micro INTEGER, 
	started_at VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	answered_by VARCHAR NOT NULL, 
	finish_reason VARCHAR NOT NULL, 
	request_id VARCHAR NOT NULL, 
	failure VARCHAR, 
	error TEXT NOT NULL, 
	input_tokens INTEGER, 
	cached_tokens INTEGER, 
	output_tokens INTEGER, 
	reasoning_tokens INTEGER, 
	cost_micro INTEGER, 
	finished_at VARCHAR, 
	accepted INTEGER NOT NULL, 
	repaired INTEGER NOT NULL, 
	expires_at VARCHAR, 
	reused INTEGER NOT NULL, 
	size INTEGER NOT NULL, 
	request TEXT NOT NULL, 
	reply TEXT, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(run_uid) REFERENCES runs (uid) ON DELETE CASCADE
);

CREATE TABLE comments (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	item_uid VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	at VARCHAR NOT NULL, 
	answers_uid VARCHAR, 
	resolved_at VARCHAR, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE edges (
	tail_uid VARCHAR NOT NULL, 
	head_uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	PRIMARY KEY (tail_uid, head_uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(head_uid) REFERENCES routes (uid) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(tail_uid) REFERENCES routes (uid) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE embeddings (
	goal_uid VARCHAR NOT NULL, 
	embedder VARCHAR NOT NULL, 
	dimension INTEGER NOT NULL, 
	text_digest VARCHAR NOT NULL, 
	vector BLOB NOT NULL, 
	PRIMARY KEY (goal_uid, embedder), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE feedback (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	item_uid VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE forecasts (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	made_at VARCHAR NOT NULL, 
	seed INTEGER NOT NULL, 
	quantiles TEXT NOT NULL, 
	plan_digest VARCHAR NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE goals (
	uid VARCHAR NOT NULL, 
	slug VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	created_at VARCHAR NOT NULL, 
	description TEXT NOT NULL, 
	status VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	target_date VARCHAR, 
	prologue TEXT NOT NULL, 
	rallying_cry TEXT NOT NULL, 
	source_kind VARCHAR NOT NULL, 
	source_provider VARCHAR NOT NULL, 
	source_model VARCHAR NOT NULL, 
	source_prompts TEXT NOT NULL, 
	unit_hours FLOAT NOT NULL, 
	quality FLOAT, 
	deleted INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	PRIMARY KEY (uid), 
	UNIQUE (slug)
);

CREATE TABLE journal (
	goal_uid VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	says TEXT NOT NULL, 
	touches TEXT NOT NULL, 
	undoes INTEGER, 
	undone_by INTEGER, 
	edit TEXT NOT NULL, 
	inverse TEXT NOT NULL, in_effect INTEGER DEFAULT 1 NOT NULL, 
	PRIMARY KEY (goal_uid, revision), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE notes (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(uid) REFERENCES work_packages (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE options (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	switch_uid VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	label TEXT NOT NULL, 
	head_uid VARCHAR NOT NULL, 
	tradeoff TEXT NOT NULL, 
	probability FLOAT, 
	born_at VARCHAR NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(head_uid) REFERENCES routes (uid) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(switch_uid) REFERENCES switches (uid) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE people (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	role VARCHAR NOT NULL, 
	direction VARCHAR NOT NULL, 
	notes TEXT NOT NULL, 
	email VARCHAR NOT NULL, 
	capacity_hours FLOAT, 
	weekdays VARCHAR NOT NULL, 
	absences TEXT NOT NULL, 
	born_at VARCHAR NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE quality_scores (
	goal_uid VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	score FLOAT NOT NULL, 
	parts TEXT NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (goal_uid, revision), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE ratings (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	author VARCHAR NOT NULL, 
	stars INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE ref_aliases (
	goal_uid VARCHAR NOT NULL, 
	ref VARCHAR NOT NULL, 
	uid VARCHAR NOT NULL, 
	PRIMARY KEY (goal_uid, ref), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE ref_counters (
	goal_uid VARCHAR NOT NULL, 
	parent VARCHAR NOT NULL, 
	last INTEGER NOT NULL, 
	PRIMARY KEY (goal_uid, parent), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE routes (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	description TEXT NOT NULL, 
	kind VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	born_at VARCHAR NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE runs (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR, 
	status VARCHAR NOT NULL, 
	wish TEXT NOT NULL, 
	providers VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	offline INTEGER NOT NULL, 
	fresh INTEGER NOT NULL, 
	store INTEGER NOT NULL, 
	purpose VARCHAR NOT NULL, 
	started_at VARCHAR NOT NULL, 
	finished_at VARCHAR, 
	max_cost_micro INTEGER, 
	max_calls INTEGER, 
	max_tokens INTEGER, 
	error TEXT NOT NULL, 
	PRIMARY KEY (uid)
);

CREATE TABLE selections (
	author VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	PRIMARY KEY (author), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE shares (
	goal_uid VARCHAR NOT NULL, 
	identity VARCHAR NOT NULL, 
	permission VARCHAR NOT NULL, 
	granted_by VARCHAR NOT NULL, 
	granted_at VARCHAR NOT NULL, 
	PRIMARY KEY (goal_uid, identity), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE switches (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	route_uid VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	prompt TEXT NOT NULL, 
	chosen_uid VARCHAR, 
	recommended_uid VARCHAR, 
	born_at VARCHAR NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(route_uid) REFERENCES routes (uid) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE tasks (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	route_uid VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	description TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	born_at VARCHAR NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(route_uid) REFERENCES routes (uid) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE work_packages (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	task_uid VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	notes VARCHAR NOT NULL, 
	length INTEGER NOT NULL, 
	grade INTEGER NOT NULL, 
	p10_hours FLOAT, 
	p50_hours FLOAT, 
	p90_hours FLOAT, 
	elapsed_days INTEGER, 
	assignee_uid VARCHAR, 
	status VARCHAR NOT NULL, 
	started_at VARCHAR, 
	finished_at VARCHAR, 
	spent_hours FLOAT, 
	waiting_for TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	born_at VARCHAR NOT NULL, needs TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(assignee_uid) REFERENCES people (uid) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(task_uid) REFERENCES tasks (uid) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_calls_content_key ON calls (content_key, status);

CREATE INDEX ix_calls_failure ON calls (failure, provider);

CREATE INDEX ix_calls_question ON calls (run_uid, question);

CREATE INDEX ix_calls_size ON calls (size);

CREATE INDEX ix_comments_goal_uid ON comments (goal_uid);

CREATE INDEX ix_edges_goal_uid ON edges (goal_uid);

CREATE INDEX ix_edges_head_uid ON edges (head_uid);

CREATE INDEX ix_feedback_goal_uid ON feedback (goal_uid);

CREATE INDEX ix_forecasts_goal_uid ON forecasts (goal_uid);

CREATE INDEX ix_journal_effect ON journal (goal_uid, in_effect, revision, undoes);

CREATE INDEX ix_journal_latest ON journal (goal_uid, author, kind, revision);

CREATE INDEX ix_journal_standing ON journal (goal_uid, author, undone_by, revision, kind);

CREATE INDEX ix_notes_goal_uid ON notes (goal_uid);

CREATE INDEX ix_options_goal_uid ON options (goal_uid);

CREATE INDEX ix_options_head_uid ON options (head_uid);

CREATE INDEX ix_options_switch_uid ON options (switch_uid);

CREATE INDEX ix_people_goal_uid ON people (goal_uid);

CREATE INDEX ix_ratings_goal_uid ON ratings (goal_uid);

CREATE INDEX ix_routes_goal_uid ON routes (goal_uid);

CREATE INDEX ix_runs_goal_uid ON runs (goal_uid);

CREATE INDEX ix_selections_goal_uid ON selections (goal_uid);

CREATE INDEX ix_switches_goal_uid ON switches (goal_uid);

CREATE INDEX ix_switches_route_uid ON switches (route_uid);

CREATE INDEX ix_tasks_goal_uid ON tasks (goal_uid);

CREATE INDEX ix_tasks_route_uid ON tasks (route_uid);

CREATE INDEX ix_work_packages_assignee_uid ON work_packages (assignee_uid);

CREATE INDEX ix_work_packages_goal_uid ON work_packages (goal_uid);

CREATE INDEX ix_work_packages_task_uid ON work_packages (task_uid);

INSERT INTO alembic_version (version_num) VALUES ('0003');
