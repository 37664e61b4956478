"""Who stands where on which sanctions, ceasefire or peace process, read from English news."""
