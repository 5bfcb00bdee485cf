@NullMarked
package io.millrace.schemas.models;

import org.jspecify.annotations.NullMarked;
