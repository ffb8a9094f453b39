# The file of routes (routes.toml): which tip goes to which unit, and who reads it; and a tip that can go to nobody.

routing-too-large = the file is larger than 1 MB, a file of routes is some kilobytes: is it the right file?
routing-too-many = there are more than { $most } such tables: join them, choosing several communes and kinds in one
routing-no-desk = there is no last place to go when no rule is left: add a table [desk] with unit = the code of the standing unit
routing-no-unit = there is no unit with the code “{ $code }”: correct the code, or add that unit to the plan
routing-no-commune = “{ $selector }” names no unit: write the code of a commune, or "all", "level:commune", "body:…"
routing-no-reader = there is no reader with the name “{ $name }”: write it as it was registered, or "unit", "unit:code-of-a-unit"
routing-never = this rule is never reached, since the rules above give the same tips to the same unit: remove it or move it up
routing-nowhere = this rule fits no tip, since it chooses no commune: correct communes
routing-merged-twice = “{ $code }” was merged in a table above: keep one
routing-merged-circle = “{ $code }” is merged in a circle or into itself: correct into
routing-desk-unread = the desk's unit “{ $code }” has no reader: add the key of at least one
routing-no-outside = there is no outside reader, so that a tip about the desk itself would reach nobody: name one with tinbao init
routing-outside-of-desk = the outside reader belongs to “{ $code }” or to a unit above or below it: choose somebody else
routing-unrouted = Tip { $tip } can go to nobody: all who could take it must be avoided. Please name an outside reader.
