-- Whether a value of a utm_ key is known is asked for each new combination:
-- a site brings so many new ones a day.
CREATE INDEX referrers_utm_source ON referrers (utm_source)
  WHERE utm_source <> '';
CREATE INDEX referrers_utm_medium ON referrers (utm_medium)
  WHERE utm_medium <> '';
CREATE INDEX referrers_utm_campaign ON referrers (utm_campaign)
  WHERE utm_campaign <> '';
CREATE INDEX referrers_utm_content ON referrers (utm_content)
  WHERE utm_content <> '';
CREATE INDEX referrers_utm_term ON referrers (utm_term)
  WHERE utm_term <> '';

PRAGMA user_version = 14;
