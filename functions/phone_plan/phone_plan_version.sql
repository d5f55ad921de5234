-- Written by `make phone-plan` from phonenumbers 9.0.43: do not edit by hand.
select '9.0.43'
