"""Which pages does staff see? The contents page of the desk; the door's own are in `entry_urls`."""

from django.urls import URLPattern, URLResolver, include, path

from takeback.web.desk import me, staff
from takeback.web.desk.audit import acts as audit_acts
from takeback.web.desk.audit import pages as audit
from takeback.web.desk.case import views as case
from takeback.web.desk.rules import pages as rules
from takeback.web.desk.rules.trial import try_ as try_rules
from takeback.web.desk.work import calls, decide, queue, reports, tasks

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("takeback.web.desk.entry_urls")),
    path("desk/me", me.me),
    path("desk/me/sessions", me.end_sessions),
    path("desk/staff", staff.every),
    path("desk/staff/add", staff.add),
    path("desk/staff/<str:name>", staff.change),
    path("desk/audit", audit.book),
    path("desk/audit/line/<int:seq>", audit.line),
    path("desk/audit/verify", audit_acts.check),
    path("desk/audit/export", audit_acts.export),
    path("desk/rules", rules.rules),
    path("desk/rules/try", try_rules),
    path("desk/rules/change", rules.change),
    path("desk/rules/agree", rules.agree),
    path("desk/rules/withdraw", rules.withdraw),
    path("desk/case/<str:case_id>", case.show_case),
    path("desk/case/<str:case_id>/events", case.show_events),
    path("desk/case/<str:case_id>/visits", case.show_visits),
    path("desk/case/<str:case_id>/log", case.show_log),
    path("desk/case/<str:case_id>/print", case.print_case),
    path("desk/", queue.show_queue),
    path("desk/live", queue.live),
    path("desk/report", reports.new_report),
    path("desk/report/take", reports.take_report),
    path("desk/calls", calls.every_call),
    path("desk/call/<str:task_id>", calls.one_call),
    path("desk/call/<str:task_id>/number", calls.number),
    path("desk/call/<str:task_id>/ring", calls.ring),
    path("desk/call/<str:task_id>/code", calls.send_code),
    path("desk/call/<str:task_id>/proof", calls.take_code),
    path("desk/call/<str:task_id>/outcome", calls.outcome),
    path("desk/case/<str:case_id>/claim", queue.claim),
    path("desk/case/<str:case_id>/release", queue.release),
    path("desk/case/<str:case_id>/take-over", queue.take_over),
    path("desk/case/<str:case_id>/try", decide.try_plan),
    path("desk/case/<str:case_id>/answer", decide.answer),
    path("desk/case/<str:case_id>/approve", decide.approve),
    path("desk/case/<str:case_id>/approve-as-lead", decide.approve_as_lead),
    path("desk/case/<str:case_id>/hold", decide.move_hold),
    path("desk/case/<str:case_id>/hold-shorter", decide.shorten_hold),
    path("desk/case/<str:case_id>/doubt", decide.settle_doubt),
    path("desk/case/<str:case_id>/refuse", reports.refuse),
    path("desk/case/<str:case_id>/merge", reports.merge),
    path("desk/case/<str:case_id>/reopen", reports.reopen),
    path("desk/case/<str:case_id>/tasks", tasks.tasks),
    path("desk/case/<str:case_id>/tasks/hand", tasks.hand),
    path("desk/case/<str:case_id>/tasks/close", tasks.close),
]
