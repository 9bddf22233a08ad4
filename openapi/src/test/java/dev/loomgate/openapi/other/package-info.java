/// Where a record has the name of one elsewhere.
package dev.loomgate.openapi.other;
