"""Answers that need nothing imported: the standard library only, nothing of ours."""
