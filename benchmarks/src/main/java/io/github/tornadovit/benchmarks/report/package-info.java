/**
 * The comparison report: {@link Result} is what was measured, {@link Measurement} measures it,
 * {@link ReportDocument} says it in words and tables, which {@link Page} and {@link MarkdownPage}
 * write. {@link ResultComparison} sets two results side by side, {@link History} keeps what came
 * before.
 */
@NullMarked
package io.github.tornadovit.benchmarks.report;

import org.jspecify.annotations.NullMarked;
