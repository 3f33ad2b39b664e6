"""Short names of standard emoji that a reaction may have; a workspace can add its own."""

from __future__ import annotations

_NAMES = """
+1 -1 thumbsup thumbsdown white_check_mark heavy_check_mark ballot_box_with_check x negative_squared_cross_mark
o a b ab o2 question grey_question exclamation grey_exclamation bangbang interrobang warning no_entry no_entry_sign
zero one two three four five six seven eight nine keycap_ten hash 1234 abc abcd symbols
arrow_forward arrow_backward arrow_up arrow_down arrow_left arrow_right arrows_counterclockwise repeat fast_forward
red_circle large_orange_circle large_yellow_circle large_green_circle large_blue_circle large_purple_circle
large_brown_circle black_circle white_circle large_red_square large_blue_square large_green_square
large_yellow_square large_orange_square large_purple_square black_large_square white_large_square
large_blue_diamond large_orange_diamond small_blue_diamond small_orange_diamond
heart orange_heart yellow_heart green_heart blue_heart purple_heart black_heart white_heart broken_heart
tada confetti_ball sparkles star star2 dizzy fire boom 100 trophy medal first_place_medal second_place_medal
third_place_medal sports_medal dart rocket zap bulb books book closed_book green_book blue_book orange_book
notebook memo pencil pencil2 mortar_board school brain seedling herb four_leaf_clover
smile smiley grin laughing joy wink blush thinking_face nerd_face sunglasses sleeping cry sob confused open_mouth
scream raised_hands clap pray wave ok_hand muscle point_up point_down point_left point_right eyes raised_hand
hourglass hourglass_flowing_sand alarm_clock stopwatch timer_clock calendar date spiral_calendar_pad bell no_bell
lock unlock key mag mag_right link paperclip pushpin round_pushpin bar_chart chart_with_upwards_trend
chart_with_downwards_trend speech_balloon thought_balloon information_source heavy_plus_sign heavy_minus_sign
robot_face ghost cat dog snake crab penguin elephant octopus parrot coffee pizza doughnut cake
"""
STANDARD = frozenset(_NAMES.split())
