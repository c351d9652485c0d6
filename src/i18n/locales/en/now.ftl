now-title = Hello, { $name }
now-worries = Needs a hand
now-no-worries = Nothing needs a hand right now.
now-delivery-failed = { $count ->
    [one] 1 invitation could not be delivered
   *[other] { $count } invitations could not be delivered
}
now-expired = { $count ->
    [one] 1 invitation was never accepted and has expired
   *[other] { $count } invitations were never accepted and have expired
}
now-mail-failed = { $count ->
    [one] 1 e-mail was given up
   *[other] { $count } e-mails were given up
}
now-untranslated = { $name } has no job position in every language
now-sign-ins = Recent sign-ins
now-profile-text = Colleagues and customers find you more easily with these:
now-profile-complete = Your profile is complete.
now-lacks-photo = Add a photo
now-lacks-job-position = Say what your job position is
now-lacks-translation = Translate your job position into all your languages
now-lacks-languages = Choose the languages you assist in
now-lacks-phone = Add your telephone number
now-lacks-time-zone = Choose your time zone
now-deeds = What you can do
now-to-operators = See all operators
now-to-roles = Decide what each role may do
now-to-languages = Choose the languages of the organisation
now-to-templates = Write the texts of the e-mails
now-to-profile = Keep your own profile
