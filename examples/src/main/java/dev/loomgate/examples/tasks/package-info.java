/// A list of tasks over JSON: functions as routes.
package dev.loomgate.examples.tasks;
