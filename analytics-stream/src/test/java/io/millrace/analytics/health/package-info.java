@NullMarked
package io.millrace.analytics.health;

import org.jspecify.annotations.NullMarked;
