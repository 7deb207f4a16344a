"""Every refusal of a decision: a code for machines and a sentence for people, made in one place.

The command line, the update's answer and the log show the same words.
"""

from __future__ import annotations

from domain.model import Model

SENTENCES = {
    # about the message
    "unreadable": "This {message} could not be read: {reason}.",
    "message_id_reused": "The message id {message_id} was already used for a different {message}.",
    # about the complaint as a whole
    "complaint_unreadable": "The complaint itself could not be read yet; the task 'intake' comes first.",
    "rules_not_resolved": "The rule pack of this complaint is not resolved yet; try again in a moment, or settle the "
    "open task first.",
    "closed": "The complaint is closed; nothing can be added to it.",
    "withdrawn": "The complaint was withdrawn; only the call-back is left.",
    "file_full": "The file holds as much as it can; it can still be noted, settled, handed over, withdrawn and called "
    "back.",
    "not_withdrawable": "There is nothing left to withdraw: the call-back has been made.",
    # about the person
    "role_unknown": "The rule pack {pack} knows no role {role}; it knows {known}.",
    "role_may_not": "The role {role} may not {what}; ask {who}.",
    "complained_of": "{person} is complained of in this case and takes no part in it.",
    "not_owner": "Only the owner may {what}; {owner}.",
    "tier_needs_owner": "The complaint is at tier {tier}: somebody of that tier must take ownership before anybody may "
    "{what}.",
    "role_below_tier": "The role {role} may own complaints up to tier {reach}; this one is at tier {tier}.",
    "already_owner": "{person} owns this complaint already.",
    "handover_needs_higher": "{owner} owns this complaint: a new owner must be of a higher level or the expert needed, "
    "or a supervisor must assign them.",
    # identity and assessment
    "already_verified": "The identity was verified already.",
    "authorisation_missing": "Somebody represents the customer: the signed authorisation must be on file.",
    "identity_first": "The identity must be verified first.",
    "assessment_first": "The complaint must be assessed first.",
    "proposal_under_way": "{proposal} is under way ({status}); it must be decided first.",
    "tier_falls": "The complaint is at tier {tier}; tiers never fall.",
    "no_such_tier": "There are {top} tiers; {tier} is not one of them.",
    "cooling_off_past_law": "The cooling-off may not end after the deadline in law, {due}.",
    "cooling_off_in_past": "The cooling-off must end in the future.",
    "answered_already": "The final response of this cycle has been sent; only the call-back is left.",
    # investigations
    "department_unknown": "The rule pack {pack} knows no department {department}; it knows {known}.",
    "investigation_exists": "There is an investigation {investigation} already.",
    "investigations_open": "{investigations} must answer first, or a supervisor settles the task of each.",
    "findings_missing": "The assessment asks for an investigation: ask a department first, or assess anew.",
    # resolution and money
    "correction_open": "The customer corrected the summary: assess anew, or settle the task 'correction', first.",
    "points_unanswered": "Every point must be answered; these are not: {points}.",
    "points_unknown": "These are not points of the assessment: {points}.",
    "avoid_word": "The word '{word}' is on the avoid-list: say what will happen and when.",
    "currency_without_authority": "Nobody may approve {currency} under this rule pack.",
    "above_cap": "At most {cap} may be proposed: an approver returned an earlier proposal with this cap.",
    "customer_unknown_to_ledger": "Money needs the complainant's customer number, and the complaint has none.",
    "final_position_too_early": "A final position needs an offer that the customer did not accept in this cycle.",
    "no_such_proposal": "{proposal} is not the proposal on the table; {current} is.",
    "nothing_to_approve": "{proposal} is {status}: there is nothing to approve.",
    "own_proposal": "{person} proposed this and cannot approve it.",
    "handler_approves": "{person} has owned this complaint and cannot approve its compensation.",
    "not_enough_authority": "{role} may approve up to {limit} per complaint; {sum} would be reached. Next: {who}.",
    "no_authority": "The role {role} has no authority over compensation; ask {who}.",
    "approved_by_you_already": "{person} approved this already; above {threshold} a second person must.",
    "cap_not_lower": "The cap must be in {currency} and below the {sum} proposed.",
    "not_offered": "{proposal} is {status}: there is no offer to answer.",
    "offer_expired": "The offer ran out on {due}; the owner must propose again.",
    # clocks
    "no_such_clock": "There is no clock {clock}; running are {known}.",
    "clock_not_running": "The clock {clock} is not running ({state}).",
    "clock_run_out": "The clock {clock} ran out on {due}; the breach stands.",
    "no_ladder": "The clock {clock} cannot be extended.",
    "ladder_climbed": "The clock {clock} has been extended as far as the rule allows.",
    "reason_code_unknown": "{code} does not allow this extension; {known} does.",
    "not_this_approver": "This extension needs the approval of {who}, not of {role}.",
    "extension_pending": "An extension of {clock} waits for its notice, or for its provisional credit, already.",
    "until_missing": "A department's own time needs the new due time in 'until'.",
    "until_too_early": "The new due time must be later than {due}.",
    "until_past_promise": "A department's time may not go past the reply deadline, {due}.",
    "until_not_allowed": "This extension has its length from the rule pack; "
    "'until' is for departments and open ladders.",
    "until_names_the_time": "The rule names no length for this extension of {clock}: give in 'until' the time that the "
    "notice tells the complainant.",
    # provisional credits
    "credit_missing": "This extension needs a provisional credit: name it in 'credit' ({sums}).",
    "credit_not_needed": "An extension of {clock} needs no provisional credit here: leave 'credit' out.",
    "credit_stands": "{credit} ({money}) is {state}: no other provisional credit is made beside it.",
    "credit_currency": "The credit must be in {currency}, as the amount in dispute is.",
    "credit_too_high": "No more can be credited than is in dispute: {most}.",
    "credit_too_low": "At least {least} of the {amount} in dispute must be credited; no more may be withheld.",
    "credit_not_promised": "Upheld, {credit} becomes final: promise its {money} in the remedies, so that it is "
    "approved, or uphold in part.",
    "decided_already": "{proposal} is decided: a provisional credit is for the time before.",
    # pauses
    "never_pauses": "The clock {clock} never stands still: {rule} allows no pause.",
    "no_reason_to_pause": "{code} does not let {clock} stand still; its rule allows: {allowed}.",
    "fixed_time": "The clock {clock} runs to a time that was set by hand, and does not stand still.",
    "not_paused": "The clock {clock} does not stand still; standing still are: {paused}.",
    # call-back
    "not_calling_back": "The call-back follows the final response; the complaint is at '{stage}'.",
    "callback_made": "The call-back has been made; its outcome stands.",
    "callback_not_independent": "{person} handled, investigated or approved this complaint; somebody independent must "
    "call.",
    "call_in_future": "A call-back cannot be recorded before it was made.",
    "call_before_response": "The call was before the call-back was due to begin, {since}.",
    "outside_day_parts": "{time} is outside the hours in which customers are called: {parts}.",
    "too_soon": "The last attempt was at {last}; the next may be at {next}.",
    "not_enough_attempts": "{made} of {needed} attempts were made, in {parts} of {parts_needed} day-parts.",
    "not_independent_supervisor": "{person} handled or called this complaint and cannot confirm it as unreachable.",
    # tasks
    "no_such_task": "There is no open task {task}.",
    "retry_impossible": "The task {task} has nothing to retry.",
    "remedy_owed": "The customer was promised this; it can be done, or tried again, but not dropped.",
    "not_your_department": "The role {role} may not settle this task; {who} may.",
    "proof_missing": "What was paid or delivered by hand needs its proof in 'evidence'.",
    "complaint_missing": "The task 'intake' needs the corrected complaint in 'complaint'.",
    "reference_closed": "Nothing can be corrected here: {reason}. Open the complaint under a new reference, then "
    "settle this task without 'complaint'.",
}


class Refusal(Model):
    """Why a message was not accepted."""

    code: str
    """One of the codes above; stable, for machines."""
    sentence: str
    """The reason, for people."""


def refuse(code: str, /, **facts: object) -> Refusal:
    """Make a refusal from its code and the facts that its sentence names."""
    return Refusal(code=code, sentence=SENTENCES[code].format(**facts))
