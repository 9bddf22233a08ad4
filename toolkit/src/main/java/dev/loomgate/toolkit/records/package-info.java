/// What a record needs to be whole, wherever its values come from. Not exported.
package dev.loomgate.toolkit.records;
