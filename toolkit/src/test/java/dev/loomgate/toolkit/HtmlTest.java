package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {
    /// As MarkupSafe's: `escape("""<b c="1" d='2'>&amp;""")`.
    @Test
    void whatMeansSomethingInHtmlIsEscaped() {
        assertThat(Html.escape("<b c=\"1\" d='2'>&amp;")).isEqualTo("&lt;b c=&#34;1&#34; d=&#39;2&#39;&gt;&amp;amp;");
    }

    @Test
    void anyOtherTextStaysAsItIs() {
        assertThat(Html.escape("")).isEmpty();
        assertThat(Html.escape("Grüße, 5 € 👋\n")).isEqualTo("Grüße, 5 € 👋\n");
    }
}
