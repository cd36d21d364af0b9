BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE calls (
	uid VARCHAR NOT NULL, 
	run_uid VARCHAR NOT NULL, 
	content_key VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	attempt INTEGER NOT NULL, 
	provider VARCHAR NOT NULL, 
	base_url VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	template_hash VARCHAR NOT NULL, 
	schema_hash VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	parameters TEXT NOT NULL, 
	request TEXT NOT NULL, 
	status VARCHAR NOT NULL, 
	reply TEXT NOT NULL, 
	finish_reason VARCHAR NOT NULL, 
	error TEXT NOT NULL, 
	input_tokens INTEGER, 
	output_tokens INTEGER, 
	cost_micro INTEGER, 
	started_at VARCHAR NOT NULL, 
	finished_at VARCHAR, 
	expires_at VARCHAR, 
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
INSERT INTO "edges" VALUES('r-ask','r-give','goal');
INSERT INTO "edges" VALUES('r-ask','r-sell','goal');
INSERT INTO "edges" VALUES('r-give','r-end','goal');
INSERT INTO "edges" VALUES('r-sell','r-end','goal');
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
INSERT INTO "goals" VALUES('goal','a-goal','A goal','2026-01-01T09:00:00Z','Why not.','planned','en','2027-01-01','','','manual','','','[]',1.0,NULL,0,1);
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
	inverse TEXT NOT NULL, 
	PRIMARY KEY (goal_uid, revision), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "journal" VALUES('goal',1,'edit','seed','2026-11-23T00:26:03.792726Z','planned: 4 routes, 4 work packages','[["*", "*"]]',NULL,NULL,'{"is": "ReplacePlan", "old": {"goal": {"uid": "goal", "slug": "a-goal", "title": "A goal", "created_at": "2026-01-01T09:00:00Z", "description": "Why not.", "status": "planned", "language": "en", "target_date": "2027-01-01", "prologue": "", "rallying_cry": "", "source": {"kind": "manual", "provider": "", "model": "", "prompts": []}, "unit_hours": 1.0, "quality": null, "deleted": false}, "routes": [], "edges": [], "switches": [], "people": []}, "new": {"goal": {"uid": "goal", "slug": "a-goal", "title": "A goal", "created_at": "2026-01-01T09:00:00Z", "description": "Why not.", "status": "planned", "language": "en", "target_date": "2027-01-01", "prologue": "", "rallying_cry": "", "source": {"kind": "manual", "provider": "", "model": "", "prompts": []}, "unit_hours": 1.0, "quality": null, "deleted": false}, "routes": [{"is": "Route", "uid": "r-ask", "number": 1, "title": "Ask", "born_at": "2026-01-01T09:00:00Z", "description": "Find out.", "kind": "trunk", "tasks": [{"is": "Task", "uid": "t1", "number": 1, "title": "Task t1", "born_at": "2026-01-01T09:00:00Z", "description": "", "packages": [{"is": "WorkPackage", "uid": "a", "number": 1, "title": "Ask people", "born_at": "2026-01-01T09:00:00Z", "notes": "a5147934da3780ce", "length": 2, "grade": 5, "estimate": {"p10": 1.0, "p50": 2.5, "p90": 8.0}, "elapsed_days": null, "needs": [], "assignee": "ada", "standing": {"status": "todo", "started_at": null, "finished_at": null, "spent_hours": null, "waiting_for": "", "reason": ""}}, {"is": "WorkPackage", "uid": "b", "number": 2, "title": "Count answers", "born_at": "2026-01-01T09:00:00Z", "notes": "", "length": 1, "grade": 3, "estimate": null, "elapsed_days": 3, "needs": ["a"], "assignee": null, "standing": {"status": "todo", "started_at": null, "finished_at": null, "spent_hours": null, "waiting_for": "", "reason": ""}}]}]}, {"is": "Route", "uid": "r-sell", "number": 2, "title": "Sell", "born_at": "2026-01-01T09:00:00Z", "description": "", "kind": "branch", "tasks": [{"is": "Task", "uid": "t2", "number": 1, "title": "Task t2", "born_at": "2026-01-01T09:00:00Z", "description": "", "packages": [{"is": "WorkPackage", "uid": "c", "number": 1, "title": "Sell", "born_at": "2026-01-01T09:00:00Z", "notes": "21883eadfa8c9d4d", "length": 1, "grade": 3, "estimate": null, "elapsed_days": null, "needs": [], "assignee": null, "standing": {"status": "done", "started_at": null, "finished_at": null, "spent_hours": null, "waiting_for": "", "reason": ""}}]}]}, {"is": "Route", "uid": "r-give", "number": 3, "title": "Give away", "born_at": "2026-01-01T09:00:00Z", "description": "", "kind": "branch", "tasks": []}, {"is": "Route", "uid": "r-end", "number": 4, "title": "Enjoy", "born_at": "2026-01-01T09:00:00Z", "description": "", "kind": "trunk", "tasks": [{"is": "Task", "uid": "t4", "number": 1, "title": "Task t4", "born_at": "2026-01-01T09:00:00Z", "description": "", "packages": [{"is": "WorkPackage", "uid": "e", "number": 1, "title": "Rest", "born_at": "2026-01-01T09:00:00Z", "notes": "", "length": 1, "grade": 3, "estimate": null, "elapsed_days": null, "needs": [], "assignee": null, "standing": {"status": "todo", "started_at": null, "finished_at": null, "spent_hours": null, "waiting_for": "", "reason": ""}}]}]}], "edges": [{"tail": "r-ask", "head": "r-give"}, {"tail": "r-ask", "head": "r-sell"}, {"tail": "r-give", "head": "r-end"}, {"tail": "r-sell", "head": "r-end"}], "switches": [{"is": "Switch", "uid": "d", "number": 1, "route": "r-ask", "title": "Money?", "born_at": "2026-01-01T09:00:00Z", "prompt": "Think.", "options": [{"is": "Option", "uid": "o-sell", "number": 1, "label": "Take money", "head": "r-sell", "born_at": "2026-01-01T09:00:00Z", "tradeoff": "Feeds us.", "probability": 0.7}, {"is": "Option", "uid": "o-give", "number": 2, "label": "Take none", "head": "r-give", "born_at": "2026-01-01T09:00:00Z", "tradeoff": "", "probability": null}], "chosen": null, "recommended": "o-sell"}], "people": [{"is": "Person", "uid": "ada", "number": 1, "name": "Ada", "born_at": "2026-01-01T09:00:00Z", "role": "helper", "direction": "with_me", "notes": "", "email": "", "capacity_hours": null, "weekdays": [1, 2, 3, 4, 5], "absences": [{"first": "2026-08-01", "last": "2026-08-14"}]}]}, "old_notes": {}, "new_notes": {"a": "## Summary\n\nAsk around.\n\n## Steps\n\n1. Call Ada.\n2. Write it down.\n", "c": "Just a line.\n"}, "title": "planned"}','{"is": "ReplacePlan", "old": {"goal": {"uid": "goal", "slug": "a-goal", "title": "A goal", "created_at": "2026-01-01T09:00:00Z", "description": "Why not.", "status": "planned", "language": "en", "target_date": "2027-01-01", "prologue": "", "rallying_cry": "", "source": {"kind": "manual", "provider": "", "model": "", "prompts": []}, "unit_hours": 1.0, "quality": null, "deleted": false}, "routes": [{"is": "Route", "uid": "r-ask", "number": 1, "title": "Ask", "born_at": "2026-01-01T09:00:00Z", "description": "Find out.", "kind": "trunk", "tasks": [{"is": "Task", "uid": "t1", "number": 1, "title": "Task t1", "born_at": "2026-01-01T09:00:00Z", "description": "", "packages": [{"is": "WorkPackage", "uid": "a", "number": 1, "title": "Ask people", "born_at": "2026-01-01T09:00:00Z", "notes": "a5147934da3780ce", "length": 2, "grade": 5, "estimate": {"p10": 1.0, "p50": 2.5, "p90": 8.0}, "elapsed_days": null, "needs": [], "assignee": "ada", "standing": {"status": "todo", "started_at": null, "finished_at": null, "spent_hours": null, "waiting_for": "", "reason": ""}}, {"is": "WorkPackage", "uid": "b", "number": 2, "title": "Count answers", "born_at": "2026-01-01T09:00:00Z", "notes": "", "length": 1, "grade": 3, "estimate": null, "elapsed_days": 3, "needs": ["a"], "assignee": null, "standing": {"status": "todo", "started_at": null, "finished_at": null, "spent_hours": null, "waiting_for": "", "reason": ""}}]}]}, {"is": "Route", "uid": "r-sell", "number": 2, "title": "Sell", "born_at": "2026-01-01T09:00:00Z", "description": "", "kind": "branch", "tasks": [{"is": "Task", "uid": "t2", "number": 1, "title": "Task t2", "born_at": "2026-01-01T09:00:00Z", "description": "", "packages": [{"is": "WorkPackage", "uid": "c", "number": 1, "title": "Sell", "born_at": "2026-01-01T09:00:00Z", "notes": "21883eadfa8c9d4d", "length": 1, "grade": 3, "estimate": null, "elapsed_days": null, "needs": [], "assignee": null, "standing": {"status": "done", "started_at": null, "finished_at": null, "spent_hours": null, "waiting_for": "", "reason": ""}}]}]}, {"is": "Route", "uid": "r-give", "number": 3, "title": "Give away", "born_at": "2026-01-01T09:00:00Z", "description": "", "kind": "branch", "tasks": []}, {"is": "Route", "uid": "r-end", "number": 4, "title": "Enjoy", "born_at": "2026-01-01T09:00:00Z", "description": "", "kind": "trunk", "tasks": [{"is": "Task", "uid": "t4", "number": 1, "title": "Task t4", "born_at": "2026-01-01T09:00:00Z", "description": "", "packages": [{"is": "WorkPackage", "uid": "e", "number": 1, "title": "Rest", "born_at": "2026-01-01T09:00:00Z", "notes": "", "length": 1, "grade": 3, "estimate": null, "elapsed_days": null, "needs": [], "assignee": null, "standing": {"status": "todo", "started_at": null, "finished_at": null, "spent_hours": null, "waiting_for": "", "reason": ""}}]}]}], "edges": [{"tail": "r-ask", "head": "r-give"}, {"tail": "r-ask", "head": "r-sell"}, {"tail": "r-give", "head": "r-end"}, {"tail": "r-sell", "head": "r-end"}], "switches": [{"is": "Switch", "uid": "d", "number": 1, "route": "r-ask", "title": "Money?", "born_at": "2026-01-01T09:00:00Z", "prompt": "Think.", "options": [{"is": "Option", "uid": "o-sell", "number": 1, "label": "Take money", "head": "r-sell", "born_at": "2026-01-01T09:00:00Z", "tradeoff": "Feeds us.", "probability": 0.7}, {"is": "Option", "uid": "o-give", "number": 2, "label": "Take none", "head": "r-give", "born_at": "2026-01-01T09:00:00Z", "tradeoff": "", "probability": null}], "chosen": null, "recommended": "o-sell"}], "people": [{"is": "Person", "uid": "ada", "number": 1, "name": "Ada", "born_at": "2026-01-01T09:00:00Z", "role": "helper", "direction": "with_me", "notes": "", "email": "", "capacity_hours": null, "weekdays": [1, 2, 3, 4, 5], "absences": [{"first": "2026-08-01", "last": "2026-08-14"}]}]}, "new": {"goal": {"uid": "goal", "slug": "a-goal", "title": "A goal", "created_at": "2026-01-01T09:00:00Z", "description": "Why not.", "status": "planned", "language": "en", "target_date": "2027-01-01", "prologue": "", "rallying_cry": "", "source": {"kind": "manual", "provider": "", "model": "", "prompts": []}, "unit_hours": 1.0, "quality": null, "deleted": false}, "routes": [], "edges": [], "switches": [], "people": []}, "old_notes": {"a": "## Summary\n\nAsk around.\n\n## Steps\n\n1. Call Ada.\n2. Write it down.\n", "c": "Just a line.\n"}, "new_notes": {}, "title": "took back: planned"}');
CREATE TABLE needs (
	uid VARCHAR NOT NULL, 
	on_uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	PRIMARY KEY (uid, on_uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(on_uid) REFERENCES work_packages (uid) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(uid) REFERENCES work_packages (uid) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "needs" VALUES('b','a','goal');
CREATE TABLE notes (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(uid) REFERENCES work_packages (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "notes" VALUES('a','goal','## Summary

Ask around.

## Steps

1. Call Ada.
2. Write it down.
');
INSERT INTO "notes" VALUES('c','goal','Just a line.
');
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
INSERT INTO "options" VALUES('o-sell','goal','d',1,'Take money','r-sell','Feeds us.',0.7,'2026-01-01T09:00:00Z');
INSERT INTO "options" VALUES('o-give','goal','d',2,'Take none','r-give','',NULL,'2026-01-01T09:00:00Z');
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
INSERT INTO "people" VALUES('ada','goal',1,'Ada','helper','with_me','','',NULL,'[1, 2, 3, 4, 5]','[["2026-08-01", "2026-08-14"]]','2026-01-01T09:00:00Z');
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
INSERT INTO "ref_aliases" VALUES('goal','r2.9','t1');
CREATE TABLE ref_counters (
	goal_uid VARCHAR NOT NULL, 
	parent VARCHAR NOT NULL, 
	last INTEGER NOT NULL, 
	PRIMARY KEY (goal_uid, parent), 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "ref_counters" VALUES('goal','d',2);
INSERT INTO "ref_counters" VALUES('goal','t2',1);
INSERT INTO "ref_counters" VALUES('goal','r-ask',1);
INSERT INTO "ref_counters" VALUES('goal','p',1);
INSERT INTO "ref_counters" VALUES('goal','r-end',1);
INSERT INTO "ref_counters" VALUES('goal','t4',1);
INSERT INTO "ref_counters" VALUES('goal','r',5);
INSERT INTO "ref_counters" VALUES('goal','r-sell',1);
INSERT INTO "ref_counters" VALUES('goal','t1',3);
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
INSERT INTO "routes" VALUES('r-ask','goal',1,'Ask','Find out.','trunk',0,'2026-01-01T09:00:00Z');
INSERT INTO "routes" VALUES('r-sell','goal',2,'Sell','','branch',1,'2026-01-01T09:00:00Z');
INSERT INTO "routes" VALUES('r-give','goal',3,'Give away','','branch',2,'2026-01-01T09:00:00Z');
INSERT INTO "routes" VALUES('r-end','goal',4,'Enjoy','','trunk',3,'2026-01-01T09:00:00Z');
CREATE TABLE runs (
	uid VARCHAR NOT NULL, 
	goal_uid VARCHAR, 
	verb VARCHAR NOT NULL, 
	request TEXT NOT NULL, 
	status VARCHAR NOT NULL, 
	draft TEXT NOT NULL, 
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
INSERT INTO "switches" VALUES('d','goal','r-ask',1,'Money?','Think.',NULL,'o-sell','2026-01-01T09:00:00Z');
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
INSERT INTO "tasks" VALUES('t1','goal','r-ask',1,'Task t1','',0,'2026-01-01T09:00:00Z');
INSERT INTO "tasks" VALUES('t2','goal','r-sell',1,'Task t2','',0,'2026-01-01T09:00:00Z');
INSERT INTO "tasks" VALUES('t4','goal','r-end',1,'Task t4','',0,'2026-01-01T09:00:00Z');
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
	born_at VARCHAR NOT NULL, 
	PRIMARY KEY (uid), 
	FOREIGN KEY(assignee_uid) REFERENCES people (uid) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(goal_uid) REFERENCES goals (uid) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(task_uid) REFERENCES tasks (uid) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "work_packages" VALUES('a','goal','t1',1,'Ask people','a5147934da3780ce',2,5,1.0,2.5,8.0,NULL,'ada','todo',NULL,NULL,NULL,'','',0,'2026-01-01T09:00:00Z');
INSERT INTO "work_packages" VALUES('b','goal','t1',2,'Count answers','',1,3,NULL,NULL,NULL,3,NULL,'todo',NULL,NULL,NULL,'','',1,'2026-01-01T09:00:00Z');
INSERT INTO "work_packages" VALUES('c','goal','t2',1,'Sell','21883eadfa8c9d4d',1,3,NULL,NULL,NULL,NULL,NULL,'done',NULL,NULL,NULL,'','',0,'2026-01-01T09:00:00Z');
INSERT INTO "work_packages" VALUES('e','goal','t4',1,'Rest','',1,3,NULL,NULL,NULL,NULL,NULL,'todo',NULL,NULL,NULL,'','',0,'2026-01-01T09:00:00Z');
CREATE INDEX ix_calls_content_key ON calls (content_key);
CREATE INDEX ix_calls_run_uid ON calls (run_uid);
CREATE INDEX ix_comments_goal_uid ON comments (goal_uid);
CREATE INDEX ix_edges_goal_uid ON edges (goal_uid);
CREATE INDEX ix_feedback_goal_uid ON feedback (goal_uid);
CREATE INDEX ix_forecasts_goal_uid ON forecasts (goal_uid);
CREATE INDEX ix_journal_standing ON journal (goal_uid, author, undone_by, kind);
CREATE INDEX ix_needs_goal_uid ON needs (goal_uid);
CREATE INDEX ix_notes_goal_uid ON notes (goal_uid);
CREATE INDEX ix_options_goal_uid ON options (goal_uid);
CREATE INDEX ix_people_goal_uid ON people (goal_uid);
CREATE INDEX ix_ratings_goal_uid ON ratings (goal_uid);
CREATE INDEX ix_routes_goal_uid ON routes (goal_uid);
CREATE INDEX ix_runs_goal_uid ON runs (goal_uid);
CREATE INDEX ix_selections_goal_uid ON selections (goal_uid);
CREATE INDEX ix_switches_goal_uid ON switches (goal_uid);
CREATE INDEX ix_tasks_goal_uid ON tasks (goal_uid);
CREATE INDEX ix_work_packages_goal_uid ON work_packages (goal_uid);
COMMIT;
