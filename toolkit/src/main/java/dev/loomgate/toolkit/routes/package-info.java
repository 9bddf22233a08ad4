/// Rules on requests and responses, written as uWSGI's routing rules are: [Routes] is the middleware.
///
/// ```
///  line       phase[-subject]  REGEX ACTION | CONDITION ACTION | ACTION | LABEL
///  condition  name:ARGUMENT[;ARGUMENT]         equal:${HTTP_HOST};example.org
///  action     name:ARGUMENT                    redirect:https://example.org/$1
/// ```
/// A line is read once ([Routes] with `RuleText`); a rule is a condition ([Condition]) and an action ([Action]), and
/// [Trip] is what one request knows on its way. No rule runs a program, and none asks another server.
package dev.loomgate.toolkit.routes;
